"""Reads compiled SQL: does each tenant table in it carry a brand of its own?"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Any

from portavoce.core.session import TRUSTED
from portavoce.tables import METADATA

TENANT = frozenset(f"pv.{table.name}" for table in METADATA.tables.values() if table.info["kind"] == "tenant")
USED = re.compile(r"(?:\bFROM|\bJOIN|\bUPDATE|,)\s+\(*(pv\.\w+)(?:\s+AS\s+(\w+))?(?=[\s,)]|$)")
BOUND = re.compile(r"([\w.]+)\.brand_id (?:= %\(|= \$|IN \()")


@lru_cache(maxsize=4096)
def brandless(statement: str) -> tuple[str, ...]:
    """Tenant tables (or their aliases) that are used more often than they are bound to a brand."""
    used = Counter(alias or table for table, alias in USED.findall(statement) if table in TENANT)
    return tuple(sorted((used - Counter(BOUND.findall(statement))).elements()))


def refuse_brandless(
    _connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool
) -> None:
    """Listener of `before_cursor_execute` for engines of scoped sessions."""
    if context is None or context.execution_options.get(TRUSTED):
        return
    if missing := brandless(statement):
        raise AssertionError(f"{', '.join(missing)} without a brand in: {statement}")
