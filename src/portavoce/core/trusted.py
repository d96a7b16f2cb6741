"""The few statements that may bypass the ORM. Each has a name, and a test lists the names."""

from __future__ import annotations

from sqlalchemy import Executable, TextClause, text

from portavoce.core.session import TRUSTED

TRUSTED_SQL: dict[str, TextClause] = {}


def trusted_sql(name: str, sql: str) -> Executable:
    """Register `sql` under `name` and return it ready for a scoped session. Values are bound, never formatted."""
    if name in TRUSTED_SQL:
        raise ValueError(f"two trusted statements are named {name}")
    statement = text(sql).execution_options(**{TRUSTED: True})
    TRUSTED_SQL[name] = statement
    return statement
