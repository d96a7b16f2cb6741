"""Run the migrations as owner, and tell whether a database is at their head."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, pool

from portavoce.core.paths import migrations_dir
from portavoce.core.tables import SCHEMA


def configuration(owner_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_dir()))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    config.set_main_option("sqlalchemy.url", owner_url.replace("%", "%%"))
    return config


def migrate(owner_url: str, revision: str = "head") -> None:
    command.upgrade(configuration(owner_url), revision)


def knows(revision: str) -> bool:
    """Whether this code has the migration."""
    return revision in {
        each.revision for each in ScriptDirectory.from_config(configuration("")).walk_revisions()
    }


def at_head(url: str) -> bool:
    heads = set(ScriptDirectory.from_config(configuration(url)).get_heads())
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table_schema": SCHEMA})
        return set(context.get_current_heads()) == heads
