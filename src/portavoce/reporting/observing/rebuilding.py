"""Make what is kept beside the ledger anew, and compare: it must come out the same to the last byte."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

import msgspec
from sqlalchemy import delete, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.core.tables import Base
from portavoce.reporting.models import Observation, ReportHead, Tally
from portavoce.reporting.observing.following import BATCH, catch_up

KEPT: tuple[type[Base], ...] = (ReportHead, Observation, Tally)


async def rebuild(database: Database, brand_id: UUID, *, size: int = BATCH) -> int:
    """Forget everything and read the brand's ledger from its first fact; the number of facts that were read."""
    async with database.begin(Scope.writing(brand_id)) as db:
        await db.get(ReportHead, brand_id, with_for_update=True)
        for table in (Tally, Observation, ReportHead):
            await db.execute(delete(table))
    return await catch_up(database, brand_id, size=size)


async def fingerprint(db: AsyncSession) -> str:
    """Of everything that is kept of the one brand in scope, row by row in order of its keys."""
    digest = sha256()
    for table in KEPT:
        mapper = inspect(table)
        columns = [getattr(table, column.key) for column in mapper.column_attrs]
        keys = [getattr(table, column.name) for column in mapper.primary_key]
        for row in await db.execute(select(*columns).order_by(*keys)):
            digest.update(msgspec.json.encode(tuple(row)))
    return digest.hexdigest()
