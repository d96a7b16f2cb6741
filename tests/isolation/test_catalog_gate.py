"""The gate on a clean installation: nothing to complain about, and the models say what the migrations made."""

from __future__ import annotations

from typing import Any

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, pool

from portavoce.core.migrating import at_head
from portavoce.core.walls import EXCEPTIONS, OWNER
from portavoce.tables import METADATA
from tests.database import Installation
from tests.isolation.catalog import complaints


def test_a_clean_installation_has_no_complaint(superuser: psycopg.Connection[Any]) -> None:
    with superuser.transaction():
        assert complaints(superuser) == []


def test_the_models_are_what_the_migrations_made(installation: Installation) -> None:
    engine = create_engine(installation.url(OWNER), poolclass=pool.NullPool)
    with engine.connect() as connection:
        options = {
            "version_table_schema": "pv",
            "include_schemas": True,
            "include_name": lambda name, kind, _parents: kind != "schema" or name == "pv",
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []


def test_the_migrated_database_is_at_head(installation: Installation) -> None:
    assert at_head(installation.url(OWNER))


def test_every_exception_has_a_reason_and_a_table() -> None:
    tables = {table.name for table in METADATA.tables.values()}
    assert all(reason and rule.table in tables | {"alembic_version"} for rule, reason in EXCEPTIONS)
