"""Whether anything changed: what was written last in every table, but for those that record what was refused."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import psycopg
from psycopg import sql

from portavoce.tables import METADATA

ON_THE_SIDE = frozenset({"denial", "session", "throttle", "heartbeat", "agent_sign"})


def versions(
    conn: psycopg.Connection[Any], *, but: Collection[str] = ON_THE_SIDE
) -> dict[str, tuple[int, int]]:
    """By table, how many rows and the transaction that wrote the newest; `conn` is a superuser's.

    An update writes a newer row even where it changes no value, and reading no row's text is what makes it cheap.
    """
    of_one = sql.SQL("SELECT {}, count(*), coalesce(max(xmin::text::bigint), 0) FROM {}")
    each = [
        of_one.format(sql.Literal(table.name), sql.Identifier("pv", table.name))
        for table in METADATA.sorted_tables
        if table.name not in but
    ]
    rows = conn.execute(sql.SQL(" UNION ALL ").join(each)).fetchall()
    return {name: (count, newest) for name, count, newest in rows}


def changed(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> list[str]:
    """Tables in which something was added, changed or removed."""
    return [name for name in before if before[name] != after[name]]
