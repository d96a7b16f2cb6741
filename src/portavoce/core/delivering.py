"""The worker's side of the outbox: take a handed row in its brand's scope, run its handler, write down the end."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core import metrics
from portavoce.core.db import Database, unavailable
from portavoce.core.jobs import Envelope
from portavoce.core.logs import about
from portavoce.core.models import HouseOutbox, Outbox
from portavoce.core.scope import HOUSE, Scope

LOG = structlog.get_logger()
BACKOFF = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""After errors of our own, which few tries mend."""
STRIKES = len(BACKOFF) + 1
PATIENT_FOR = timedelta(hours=48)
"""Somebody else's trouble passes: a row that is put off is tried until it is this old."""
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=30)
SPREAD = 0.2
"""Pauses differ by this share, so that what was put off together does not come back together."""
UNEXPECTED = "an unexpected error on our side"
NO_DATABASE = "our database was away"
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
    """Not now: the row is tried again, after pauses that double up to `longest`. The message is fit for people."""

    def __init__(self, message: str, *, longest: timedelta = LONGEST_PAUSE) -> None:
        super().__init__(message)
        self.longest = longest


class Hopeless(Exception):
    """Never: the row is buried at once. The message is fit for people."""


async def work_on(
    database: Database, envelope: Envelope, handlers: Mapping[str, Handler], house: HouseHandler
) -> None:
    """Run one envelope, once: a row that was begun with since it was sealed is left alone."""
    if envelope.brand_id is None:
        await _work_for_house(database, envelope, house)
        return
    with about(brand=str(envelope.brand_id), topic=envelope.topic, outbox=str(envelope.outbox_id)):
        await _work_for_brand(database, envelope, envelope.brand_id, handlers)


async def _work_for_brand(
    database: Database, envelope: Envelope, brand_id: UUID, handlers: Mapping[str, Handler]
) -> None:
    scope = Scope.writing(brand_id)
    async with database.begin(scope) as db:
        row = await _take(db, Outbox, envelope, database.clock.now())
    if row is None:
        return
    job = Job(brand_id, row.ref_id)
    trouble = await _tried(row, lambda: handlers[row.topic].deliver(database, job))
    at = database.clock.now()
    if trouble is not None and _is_last(row, trouble, at) and row.topic in handlers:
        await _give_up(database, job, row, trouble, handlers[row.topic])
    async with database.begin(scope) as db:
        _end(await db.get_one(Outbox, (brand_id, row.id)), trouble, database.clock.now())


async def _give_up(database: Database, job: Job, row: Outbox, trouble: Exception, handler: Handler) -> None:
    """Where nobody can be told, the row must end dead all the same, or it comes back for ever."""
    try:
        await handler.give_up(database, job, _for_people(trouble))
    except Exception:
        LOG.exception("a job could not be given up", topic=row.topic, outbox=str(row.id))


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
        # A clock behind the dispatcher's must not make work in progress look stuck, or it is done twice.
        row.handed_at = max(at, row.handed_at or at)
        row.tries, row.strikes = row.tries + 1, row.strikes + 1
    return row


async def _tried(row: Outbox | HouseOutbox, work: Callable[[], Awaitable[None]]) -> Exception | None:
    """What went wrong. A row that was cut off at every try may be what kills the worker: it is not run again."""
    if row.strikes > STRIKES:
        return Hopeless(CUT_OFF)
    try:
        await work()
    except (Retry, Hopeless) as error:
        return error
    except Exception as error:
        if unavailable(error):
            LOG.warning("a job met no database", topic=row.topic, outbox=str(row.id))
            return Retry(NO_DATABASE)
        LOG.exception("a job failed", topic=row.topic, outbox=str(row.id), tries=row.tries)
        return error
    return None


def _is_last(row: Outbox | HouseOutbox, trouble: Exception, at: datetime) -> bool:
    if isinstance(trouble, Retry):
        return at - row.created_at >= PATIENT_FOR
    return isinstance(trouble, Hopeless) or row.strikes >= STRIKES


def _end(row: Outbox | HouseOutbox, trouble: Exception | None, at: datetime) -> None:
    if trouble is None:
        row.state, row.done_at, row.last_error = "done", at, None
    else:
        row.last_error = f"{type(trouble).__name__}: {trouble}"[:500]
        if _is_last(row, trouble, at):
            row.state = "dead"
        else:
            row.state, row.run_at = "pending", at + _pause(row, trouble)
            row.strikes = 0 if isinstance(trouble, Retry) else row.strikes
    outcome = "retried" if row.state == "pending" else row.state
    metrics.JOBS.labels(row.topic, outcome).inc()
    LOG.info("a job ended", topic=row.topic, outbox=str(row.id), outcome=outcome, tries=row.tries)


def _pause(row: Outbox | HouseOutbox, trouble: Exception) -> timedelta:
    if not isinstance(trouble, Retry):
        return BACKOFF[row.strikes - 1]
    doubled: timedelta = FIRST_PAUSE * 2 ** min(row.tries - 1, 16)
    return min(doubled, trouble.longest) * random.uniform(1 - SPREAD, 1 + SPREAD)  # noqa: S311 -- no secret


def _for_people(trouble: Exception) -> str:
    return str(trouble) if isinstance(trouble, (Retry, Hopeless)) else UNEXPECTED


def words_of(last_error: str | None) -> str:
    """What a row's `last_error` may say to a person: words meant for people, and nothing of an unexpected error."""
    kind, _, words = (last_error or "").partition(": ")
    return words if kind in (Retry.__name__, Hopeless.__name__) else UNEXPECTED
