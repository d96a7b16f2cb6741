"""Each night the files that tell a brand's last day by intervals, and again those of earlier days that late facts changed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import msgspec
import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Brand
from portavoce.brands.resolving import all_brand_ids
from portavoce.core.db import DISPATCH, Database
from portavoce.core.logs import about
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.storage import Storage, file_row
from portavoce.core.unit import new_id
from portavoce.reporting.facts import Anchor, last_fact
from portavoce.reporting.feed_format import (
    MEDIA_TYPES,
    as_csv,
    as_json_lines,
    digest_of,
    head_of,
    rows_of,
)
from portavoce.reporting.intervals import (
    MINUTES,
    Interval,
    add_up,
    bounds_of,
    in_steps,
    read_quarters_of,
    starts_in,
    sums_of_day,
)
from portavoce.reporting.models import IntervalFeed
from portavoce.reporting.month import lob_names
from portavoce.reporting.months import day_of
from portavoce.reporting.sums import read_sums, report_head

LOG = structlog.get_logger()
NEVER = "never"
SETTLED_AFTER = timedelta(hours=1)
"""After midnight of the brand, in which mails of the day before still arrive."""
LOOKS_BACK = timedelta(days=62)
"""How old a day may be that is told again; what changes later is in the reports alone."""


class Told(msgspec.Struct, frozen=True):
    """The newest file of a day."""

    restatement: int
    digest: str


class Day(msgspec.Struct, frozen=True):
    """What is to be written: a day that has no file, or was counted differently since."""

    day: date
    restatement: int
    quarters: Sequence[Interval]


class State(msgspec.Struct, frozen=True):
    """Of what the files are made: the brand, the state of its ledger, its lines, and the days to write."""

    brand: str
    zone: str
    anchor: Anchor
    lines: Mapping[UUID, str]
    days: Sequence[Day]


async def feed_when_due(probe_at: str, database: Database, storage: Storage) -> int:
    """Every brand whose last day has no file yet (none where `probe_at` is `never`). How many days were written."""
    if probe_at == NEVER:
        return 0
    async with database.begin(HOUSE, role=DISPATCH) as db:
        brands = await all_brand_ids(db)
    written = 0
    for brand_id in brands:
        with about(brand=str(brand_id)):
            try:
                written += await feed(database, storage, brand_id)
            except Exception:
                LOG.exception("a brand's day was not told by intervals", brand=str(brand_id))
    return written


async def feed(database: Database, storage: Storage, brand_id: UUID) -> int:
    """The days that were written; again on the same day none. The last day comes last, so that who is cut off begins anew."""
    async with database.begin(Scope.reading({brand_id}), snapshot=True) as db:
        state = await _state(db, brand_id)
    for day in state.days if state else ():
        assert state is not None
        files = await asyncio.to_thread(_saved, storage, brand_id, state, day)
        await database.run(Scope.writing(brand_id), partial(_keep, state=state, day=day, files=files))
    return len(state.days) if state else 0


async def told_days(db: AsyncSession) -> dict[date, Told]:
    """Of the one brand in scope, each day with its newest file."""
    query = select(IntervalFeed.day, IntervalFeed.restatement, IntervalFeed.digest).order_by(
        IntervalFeed.restatement
    )
    return {date.fromisoformat(row.day): Told(row.restatement, row.digest) for row in await db.execute(query)}


async def _state(db: AsyncSession, brand_id: UUID) -> State | None:
    """None before the reports have read anything, and when the last day is told already."""
    brand = (await db.execute(select(Brand.slug, Brand.zone).where(Brand.id == brand_id))).one()
    at = db.info["clock"].now()
    last = day_of(at - SETTLED_AFTER, brand.zone) - timedelta(days=1)
    told, head = await told_days(db), await report_head(db)
    if head == 0 or last in told:
        return None
    anchor = Anchor(*await last_fact(db, brand_id, head), at)
    found = [await _day(db, brand.zone, day, anchor, told.get(day)) for day in _days(told, last)]
    days = [day for day in found if day is not None]
    return State(brand.slug, brand.zone, anchor, await lob_names(db), days)


def _days(told: Mapping[date, Told], last: date) -> list[date]:
    """Those told lately, those since then that nobody told, and the last one."""
    first = max(min(told, default=last), last - LOOKS_BACK)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


async def _day(db: AsyncSession, zone: str, day: date, anchor: Anchor, told: Told | None) -> Day | None:
    quarters = await read_quarters_of(db, zone, day, anchor.at)
    if told and told.digest == digest_of(quarters):
        return None
    if add_up(quarters) != sums_of_day(await read_sums(db, zone, bounds_of(day, zone), anchor)):
        raise ValueError(f"the intervals of {day} do not add up to the day")
    return Day(day, told.restatement + 1 if told else 1, quarters)


def _saved(
    storage: Storage, brand_id: UUID, state: State, day: Day
) -> list[tuple[int, str, int, str, bytes]]:
    """Minutes, format, rows, key and content of each file. Blocking."""
    found = []
    for minutes in MINUTES:
        intervals = in_steps(day.quarters, day.day, state.zone, minutes)
        _, end = bounds_of(day.day, state.zone)
        rows = rows_of(intervals, minutes, state.lines, end, state.anchor.n)
        head = head_of(
            state.brand, state.zone, day.day, minutes, intervals=len(starts_in(day.day, state.zone, minutes)),
            restatement=day.restatement, anchor=state.anchor,
        )  # fmt: skip
        for name, content in (("csv", as_csv(rows)), ("jsonl", as_json_lines(head, rows))):
            found.append((minutes, name, len(rows), storage.save(brand_id, content), content))
    return found


async def _keep(
    db: AsyncSession, *, state: State, day: Day, files: Sequence[tuple[int, str, int, str, bytes]]
) -> None:
    """Once, however many write it."""
    known = select(IntervalFeed.id).where(
        IntervalFeed.day == str(day.day), IntervalFeed.restatement == day.restatement
    )
    if await db.scalar(known.limit(1)) is not None:
        return
    for minutes, name, rows, key, content in files:
        file = file_row(db, key, content, MEDIA_TYPES[name])
        db.add(
            IntervalFeed(
                id=new_id(db),
                day=str(day.day),
                minutes=minutes,
                format=name,
                restatement=day.restatement,
                n=state.anchor.n,
                as_of=state.anchor.at,
                rows=rows,
                digest=digest_of(day.quarters),
                file_id=file.id,
            )
        )
