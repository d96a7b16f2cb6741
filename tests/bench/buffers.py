"""Pages that PostgreSQL touches for a reading, as the role and in the scope in which the desk does it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.db import APP, Database
from portavoce.core.scope import Scope
from tests.database import Installation

Reading = Callable[[AsyncSession, Sequence[UUID]], Awaitable[object]]


async def touched(
    installation: Installation, database: Database, brands: Sequence[UUID], read: Reading
) -> float:
    """Of the one statement that `read` runs over these brands; the second time, when all is in memory."""
    seen: list[tuple[str, Any]] = []

    def note(_c: object, _k: object, statement: str, parameters: Any, *_rest: object) -> None:
        seen.append((statement, parameters))

    engine = database.engine(APP).sync_engine
    event.listen(engine, "before_cursor_execute", note)
    async with database.begin(Scope.reading(set(brands))) as db:
        await read(db, brands)
    event.remove(engine, "before_cursor_execute", note)
    (begin, _), (statement, parameters) = seen
    async with await AsyncConnection.connect(installation.dsn(APP), autocommit=True) as app:
        await app.execute(begin.encode())
        explained = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}".encode()
        rows = [await (await app.execute(explained, parameters)).fetchone() for _ in range(2)]
    (plan,) = rows[-1] or ([],)
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return float(plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"])
