"""The worker's side of the outbox: take a handed row in its brand's scope, run its handler, write down the end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.db import Database
from portavoce.core.jobs import Envelope
from portavoce.core.models import HouseOutbox, Outbox
from portavoce.core.scope import HOUSE, Scope

LOG = structlog.get_logger()
BACKOFF = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
TRIES = len(BACKOFF) + 1
UNEXPECTED = "an unexpected error on our side"
CUT_OFF = "cut off at every try"
SENT_BODY = ""
"""A link that lets somebody in stays readable no longer than it must."""
Row = TypeVar("Row", Outbox, HouseOutbox)


class Job(NamedTuple):
    """What a handler works on."""

    brand_id: UUID
    ref_id: UUID


class Handler(NamedTuple):
    """`deliver` must be safe to run twice and raises Retry to be called again later.

    `give_up` says on the row worked on, with words for people, that there will be no further try; `doubt` that there
    will be none although it may have been done, where that is another thing to say.
    """

    deliver: Callable[[Database, Job], Awaitable[None]]
    give_up: Callable[[Database, Job, str], Awaitable[None]]
    doubt: Callable[[Database, Job], Awaitable[None]] | None = None

    async def doubted(self, database: Database, job: Job, words: str) -> None:
        if self.doubt is None:
            await self.give_up(database, job, words)
        else:
            await self.doubt(database, job)


HouseHandler = Callable[[HouseOutbox], Awaitable[None]]


class Retry(Exception):
    """Not now: the row is tried again later, a handful of times. The message is fit for people."""


async def work_on(
    database: Database, envelope: Envelope, handlers: Mapping[str, Handler], house: HouseHandler
) -> None:
    """Run one envelope, once: a row that was begun with since it was sealed is left alone."""
    if envelope.brand_id is None:
        await _work_for_house(database, envelope, house)
        return
    scope = Scope.writing(envelope.brand_id)
    async with database.begin(scope) as db:
        row = await _take(db, Outbox, envelope, database.clock.now())
    if row is None:
        return
    job = Job(envelope.brand_id, row.ref_id)
    trouble = await _tried(row, lambda: handlers[row.topic].deliver(database, job))
    if trouble is not None and row.tries >= TRIES and row.topic in handlers:
        await handlers[row.topic].give_up(database, job, _for_people(trouble))
    async with database.begin(scope) as db:
        _end(await db.get_one(Outbox, (envelope.brand_id, row.id)), trouble, database.clock.now())


async def _work_for_house(database: Database, envelope: Envelope, house: HouseHandler) -> None:
    async with database.begin(HOUSE) as db:
        row = await _take(db, HouseOutbox, envelope, database.clock.now())
    if row is None:
        return
    trouble = await _tried(row, lambda: house(row))
    async with database.begin(HOUSE) as db:
        ended = await db.get_one(HouseOutbox, row.id)
        _end(ended, trouble, database.clock.now())
        if ended.state == "done":
            ended.body = SENT_BODY


async def _take(db: AsyncSession, table: type[Row], envelope: Envelope, at: datetime) -> Row | None:
    """Uses up the envelope. From now on the row counts as stuck only when this work was cut off."""
    query = select(table).where(
        table.id == envelope.outbox_id, table.state == "handed", table.tries == envelope.tries
    )
    row = (await db.scalars(query.with_for_update())).one_or_none()
    if row is not None:
        row.handed_at, row.tries = at, row.tries + 1
    return row


async def _tried(row: Outbox | HouseOutbox, work: Callable[[], Awaitable[None]]) -> Exception | None:
    """What went wrong. A row that was cut off at every try may be what kills the worker: it is not run again."""
    if row.tries > TRIES:
        return Retry(CUT_OFF)
    try:
        await work()
    except Retry as error:
        return error
    except Exception as error:
        LOG.exception("a job failed", topic=row.topic, outbox=str(row.id))
        return error
    return None


def _end(row: Outbox | HouseOutbox, trouble: Exception | None, at: datetime) -> None:
    if trouble is None:
        row.state, row.done_at, row.last_error = "done", at, None
        return
    row.last_error = f"{type(trouble).__name__}: {trouble}"[:500]
    if row.tries >= TRIES:
        row.state = "dead"
    else:
        row.state, row.run_at = "pending", at + BACKOFF[row.tries - 1]


def _for_people(trouble: Exception) -> str:
    return str(trouble) if isinstance(trouble, Retry) else UNEXPECTED
