"""Each process leaves a sign of life every few seconds; readiness looks whether it is fresh."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portavoce.core.db import Database
from portavoce.core.models import Heartbeat
from portavoce.core.scope import HOUSE

EVERY = timedelta(seconds=5)
FRESH = timedelta(seconds=30)


async def beat(database: Database, process: str) -> None:
    at = database.clock.now()
    statement = insert(Heartbeat).values(process=process, at=at)
    async with database.begin(HOUSE) as db:
        await db.execute(statement.on_conflict_do_update(index_elements=["process"], set_={"at": at}))


async def fresh_processes(database: Database) -> frozenset[str]:
    """Names of the processes seen within the last half minute."""
    query = select(Heartbeat.process).where(Heartbeat.at > database.clock.now() - FRESH)
    async with database.begin(HOUSE) as db:
        return frozenset((await db.scalars(query)).all())
