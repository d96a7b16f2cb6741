"""Make what is kept beside the ledger anew, and compare: it must come out the same to the last byte."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from uuid import UUID

import msgspec
from sqlalchemy import inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.core.tables import Base
from portavoce.reporting.models import Observation, ReportHead, Tally
from portavoce.reporting.observing.following import BATCH, read_anew

KEPT: tuple[type[Base], ...] = (ReportHead, Observation, Tally)


async def rebuild(database: Database, brand_id: UUID, *, size: int = BATCH) -> int:
    """Forget everything and read the brand's ledger from its first fact; the number of facts that were read."""
    return await database.run(Scope.writing(brand_id), partial(read_anew, size=size))


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
