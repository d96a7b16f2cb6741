"""What the house declares: tables with their kind, policies, grants. The gate compares PostgreSQL with this."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, LiteralString, NamedTuple

import psycopg
from psycopg.rows import namedtuple_row

from portavoce.core.walls import BACKUP, EXCEPTIONS, Grant, Policy, canonical
from portavoce.tables import METADATA

KINDS = {"tenant", "agent", "reference", "ops"}
FOREIGN_SCHEMAS = "('pg_catalog', 'information_schema', 'pg_toast')"


class Declared(NamedTuple):
    kind: str
    append_only: bool
    in_reports: bool


TABLES: dict[str, Declared] = {
    table.name: Declared(table.info["kind"], table.info["append_only"], table.info["in_reports"])
    for table in METADATA.tables.values()
} | {"alembic_version": Declared("ops", False, False)}


def kind(table: str) -> str:
    """The declared kind, or `undeclared`, which another rule reports."""
    return TABLES[table].kind if table in TABLES else "undeclared"


def rules_of(table: str) -> list[Policy | Grant]:
    declared = TABLES[table]
    rules = canonical(table, declared.kind, append_only=declared.append_only, in_reports=declared.in_reports)
    rules += [rule for rule, _reason in EXCEPTIONS if rule.table == table]
    return [*rules, Grant(table, "SELECT", BACKUP)]


def rows(conn: psycopg.Connection[Any], query: LiteralString) -> Iterator[Any]:
    """Named rows; `{schemas}` in the query lists what belongs to PostgreSQL itself."""
    with conn.cursor(row_factory=namedtuple_row) as cursor:
        yield from cursor.execute(query.replace("{schemas}", FOREIGN_SCHEMAS)).fetchall()
