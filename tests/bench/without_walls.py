"""G9: the same database without row security. Only a benchmark may do this, on a clone of its own."""

from __future__ import annotations

import psycopg
from psycopg import sql

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'pv'"


def tear_down_walls(superuser_dsn: str) -> None:
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        for (table,) in connection.execute(TABLES).fetchall():
            connection.execute(
                sql.SQL("ALTER TABLE pv.{} DISABLE ROW LEVEL SECURITY").format(sql.Identifier(table))
            )
