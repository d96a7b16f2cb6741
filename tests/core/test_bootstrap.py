"""Bootstrap may run again at any time, and mends what became of roles and rights meanwhile."""

from __future__ import annotations

from typing import Any, LiteralString

import psycopg
import pytest

from portavoce.core.bootstrap import bootstrap
from portavoce.core.walls import ROLES
from tests.database import PASSWORDS, Installation
from tests.isolation.catalog import complaints


def gate(installation: Installation) -> list[str]:
    with psycopg.connect(installation.superuser_dsn) as connection:
        return complaints(connection)


DAMAGE: tuple[LiteralString, ...] = (
    "ALTER ROLE portavoce_app CREATEDB INHERIT",
    "ALTER ROLE portavoce_backup NOBYPASSRLS",
    "GRANT TEMP ON DATABASE {} TO PUBLIC",
    "GRANT ALL ON SCHEMA public TO PUBLIC",
    "GRANT EXECUTE ON FUNCTION lo_create(oid) TO PUBLIC",
    "REVOKE portavoce_definer FROM portavoce_owner",
)


@pytest.mark.parametrize("damage", DAMAGE)
def test_bootstrap_mends_what_was_loosened(empty_database: Installation, damage: LiteralString) -> None:
    with psycopg.connect(empty_database.superuser_dsn, autocommit=True) as superuser:
        superuser.execute(damage.replace("{}", f'"{empty_database.name}"').encode())
    assert gate(empty_database) != []
    bootstrap(empty_database.superuser_dsn, PASSWORDS, database=empty_database.name)
    assert gate(empty_database) == []


def test_bootstrap_twice_changes_nothing(empty_database: Installation) -> None:
    for _ in range(2):
        bootstrap(empty_database.superuser_dsn, PASSWORDS, database=empty_database.name)
    assert gate(empty_database) == []


@pytest.mark.parametrize("role", ROLES)
def test_every_role_signs_in_with_its_own_password(installation: Installation, role: str) -> None:
    with psycopg.connect(installation.dsn(role)) as connection:
        row: Any = connection.execute("SELECT current_user, session_user").fetchone()
    assert row == (role, role)
    with psycopg.connect(installation.superuser_dsn) as superuser:
        kept: Any = superuser.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolname = %s", [role]
        ).fetchone()
    assert kept[0].startswith("SCRAM-SHA-256$")
