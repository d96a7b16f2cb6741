"""The open clocks of a brand after opening hours were published, in parts, each a transaction of its own."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars.models import CalendarVersion
from portavoce.core.db import Database
from portavoce.core.delivering import Job
from portavoce.core.scope import Scope
from portavoce.sla.recomputing import BATCHES, FIRST, Batch, Published


async def move_all(database: Database, job: Job) -> None:
    """`ref_id` is the version's; safe to run again. It also finds what opened while the version was published."""
    async with database.begin(Scope.reading({job.brand_id})) as db:
        query = select(CalendarVersion.calendar_id, CalendarVersion.published_at)
        row = (await db.execute(query.where(CalendarVersion.id == job.ref_id))).one_or_none()
    if row is None:
        return
    published = Published(row.calendar_id, row.published_at)
    for batch in BATCHES:
        after: UUID | None = FIRST
        while after is not None:
            after = await database.run(
                Scope.writing(job.brand_id), partial(_one, batch=batch, published=published, after=after)
            )


async def _one(db: AsyncSession, *, batch: Batch, published: Published, after: UUID) -> UUID | None:
    return await batch(db, published, after)


async def give_up(_database: Database, _job: Job, _words: str) -> None:
    """What the desk shows as due stays as it was. Figures do not read it: they are computed from the facts."""
