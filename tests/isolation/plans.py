"""The statements that the product's own functions send, and how PostgreSQL means to run them as the real role."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import ClientCursor
from sqlalchemy import event

from portavoce.core.db import Database
from portavoce.core.scope import Scope
from tests.database import Installation

LARGE = 1_000
"""Rows from which a table must not be read from end to end."""
RATIO = 2.0
SLACK = 8
"""Buffers of look-ups in the catalog and of a policy's functions, which small statements do not pay for."""


@dataclass(frozen=True, slots=True)
class Sent:
    statement: str
    values: Any
    role: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class Plan:
    """`conditions`: what each index is asked, by its name."""

    buffers: int
    conditions: dict[str, str]
    whole: frozenset[str]


@contextmanager
def sent(database: Database, role: str, scope: Scope) -> Iterator[list[Sent]]:
    """What reaches PostgreSQL meanwhile, without the scope's own."""
    seen: list[Sent] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(Sent(statement, values, role, scope))

    engine = database.engine(role).sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def statements_of(
    database: Database, role: str, scope: Scope, query: Callable[[Any], Awaitable[object]]
) -> list[Sent]:
    """All that one function of the product sends; nothing is kept."""
    with sent(database, role, scope) as seen:
        try:
            async with database.begin(scope, role=role) as db:
                await query(db)
                raise _Undo
        except _Undo:
            pass
    return seen


class _Undo(Exception):
    pass


def plan(installation: Installation, one: Sent, *, walls: bool = True) -> Plan:
    """As the role in its scope; without walls as superuser, whom no policy binds. Nothing is kept."""
    dsn = installation.dsn(one.role) if walls else installation.superuser_dsn
    with psycopg.connect(dsn) as connection, ClientCursor(connection) as cursor:
        for setting in one.scope.statements().split("; "):
            cursor.execute(setting.encode())
        explained = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON, TIMING OFF) {one.statement}"
        cursor.execute(explained.encode(), one.values)
        cursor.execute(explained.encode(), one.values)
        root = (cursor.fetchone() or [[]])[0][0]["Plan"]
        connection.rollback()
    nodes = list(_nodes(root))
    return Plan(
        buffers=root["Shared Hit Blocks"] + root["Shared Read Blocks"],
        conditions={
            each["Index Name"]: f"{each.get('Index Cond', '')}" for each in nodes if "Index Name" in each
        },
        whole=frozenset(each["Relation Name"] for each in nodes if each["Node Type"].endswith("Seq Scan")),
    )


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def complaints(
    installation: Installation, statements: list[Sent], indexes: dict[str, str], large: frozenset[str]
) -> Iterator[str]:
    """What is wrong with the plans: a large table read whole, an index not used for a column, walls that cost double.

    `indexes` names the columns that one of some indexes (`a|b`) must be asked for.
    """
    plans = [(one, plan(installation, one)) for one in statements]
    for one, found in plans:
        if whole := found.whole & large:
            yield f"reads all of {', '.join(sorted(whole))}: {one.statement[:80]}"
        bare = plan(installation, one, walls=False)
        if found.buffers > RATIO * bare.buffers + SLACK:
            yield f"{found.buffers} buffers with walls, {bare.buffers} without: {one.statement[:80]}"
    asked: dict[str, str] = {}
    for _, found in plans:
        for name, condition in found.conditions.items():
            asked[name] = asked.get(name, "") + condition
    for index, columns in indexes.items():
        condition = " ".join(asked.get(each, "") for each in index.split("|"))
        yield from (
            f"{index} is not asked for {each}" for each in columns.split() if f"{each} " not in condition
        )
