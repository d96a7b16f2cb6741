"""Whether anything changed: every row of every table, but for those that record what was refused or how it goes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import psycopg
from psycopg import sql

from portavoce.tables import METADATA

ON_THE_SIDE = frozenset({"denial", "session", "throttle", "heartbeat", "agent_sign"})


def digests(conn: psycopg.Connection[Any], *, but: Collection[str] = ON_THE_SIDE) -> dict[str, str]:
    """By table; `conn` is a superuser's."""
    found = {}
    for table in METADATA.sorted_tables:
        if table.name not in but:
            query = sql.SQL(
                "SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM pv.{} t"
            )
            row = conn.execute(query.format(sql.Identifier(table.name))).fetchone()
            assert row is not None
            found[table.name] = row[0]
    return found
