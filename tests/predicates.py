"""Reads compiled SQL: does each tenant table in it carry a brand of its own?"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Any

from portavoce.core.session import CARRIED_FROM, TRUSTED
from portavoce.tables import METADATA

TENANT = frozenset(f"pv.{table.name}" for table in METADATA.tables.values() if table.info["kind"] == "tenant")
USED = re.compile(r"(?:\bFROM|\bJOIN|\bUPDATE|,)\s+\(*(pv\.\w+)(?:\s+AS\s+(\w+))?(?=[\s,)]|$)")
BOUND = re.compile(r"([\w.]+)\.brand_id (?:= %\(|= \$|IN \()")
CARRIED = re.compile(r"([\w.]+)\.brand_id = ([\w.]+)\.brand_id")


@lru_cache(maxsize=4096)
def brandless(statement: str) -> tuple[str, ...]:
    """Tenant tables (or their aliases) that are used more often than they are bound to a brand."""
    used = Counter(alias or table for table, alias in USED.findall(statement) if table in TENANT)
    return tuple(sorted((used - Counter(BOUND.findall(statement))).elements()))


def uncarried(statement: str) -> tuple[str, ...]:
    """Tenant tables that neither are bound to a brand nor joined by it, over however many others, to one that is."""
    used = {alias or table for table, alias in USED.findall(statement) if table in TENANT}
    joined = CARRIED.findall(statement)
    # What is no table is a subquery, whose own tables are looked at like all others.
    reached = {*BOUND.findall(statement), *({name for pair in joined for name in pair} - used)}
    for _ in joined:
        reached |= {name for pair in joined if reached.intersection(pair) for name in pair}
    return tuple(sorted(used - reached))


def refuse_brandless(
    _connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool
) -> None:
    """Listener of `before_cursor_execute` for engines of scoped sessions."""
    if context is None or context.execution_options.get(TRUSTED):
        return
    look = uncarried if CARRIED_FROM in context.execution_options else brandless
    if missing := look(statement):
        raise AssertionError(f"{', '.join(missing)} without a brand in: {statement}")
