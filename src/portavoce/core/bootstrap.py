"""Prepare an empty PostgreSQL: database, roles, revokes (`infra/postgres/bootstrap.sql`) and role passwords."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from psycopg import sql

from portavoce.core.paths import infra_dir

DATABASE = "portavoce"


def bootstrap(superuser_dsn: str, passwords: Mapping[str, str], *, database: str = DATABASE) -> None:
    """Idempotent. `superuser_dsn` is a libpq string to any database of the server; needs a superuser."""
    with psycopg.connect(superuser_dsn, autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(database)
                )
            )
    with psycopg.connect(superuser_dsn, dbname=database, autocommit=True) as target:
        target.execute((infra_dir() / "postgres" / "bootstrap.sql").read_bytes())
        for role, password in passwords.items():
            target.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
            )


def drop(superuser_dsn: str, *, database: str = DATABASE) -> None:
    """Delete the database with all that is in it, whoever is connected."""
    with psycopg.connect(superuser_dsn, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))
