"""Alembic runs as `portavoce_owner`, one transaction per migration, and never waits long for a lock."""

from alembic import context
from sqlalchemy import create_engine, pool

from portavoce.core.tables import SCHEMA
from portavoce.tables import METADATA

config = context.config


def run() -> None:
    engine = create_engine(config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=METADATA,
            version_table_schema=SCHEMA,
            include_schemas=True,
            include_name=lambda name, kind, _parents: kind != "schema" or name == SCHEMA,
            transaction_per_migration=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
