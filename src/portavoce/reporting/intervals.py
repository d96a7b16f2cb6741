"""A day of a brand in intervals of 15 or 30 minutes: the sums that the day's figures are added up from, one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.reporting.counts import Cell, Counts
from portavoce.reporting.models import Observation, Tally
from portavoce.reporting.months import midnight
from portavoce.reporting.observing.stretches import starts_of
from portavoce.reporting.sums import is_overdue

MINUTES = (15, 30)
SUMS = tuple(name for name in Counts.__struct_fields__ if name != "overdue")


class Measured(msgspec.Struct, frozen=True, order=True):
    """What is counted: one measure of a line of business and channel; of a clause, where one judges it."""

    lob_id: UUID
    channel: str
    measure: str
    clause_id: UUID


class Interval(msgspec.Struct, frozen=True):
    """The counts of an interval that begins at `starts_at`, in UTC."""

    starts_at: datetime
    of: Measured
    counts: Counts


def bounds_of(day: date, zone: str) -> tuple[datetime, datetime]:
    return midnight(day, zone), midnight(day + timedelta(days=1), zone)


def starts_in(day: date, zone: str, minutes: int) -> list[datetime]:
    """Where the day's intervals begin, in UTC: 96 quarters, 92 or 100 where the clock is changed."""
    first, end = bounds_of(day, zone)
    step = timedelta(minutes=minutes)
    return [first + step * n for n in range(-(-(end - first) // step))]


async def read_quarters_of(db: AsyncSession, zone: str, day: date, as_of: datetime) -> list[Interval]:
    """The quarters in which anything was counted, in order, at the present head of the reports. Two queries."""
    bounds = bounds_of(day, zone)
    found: dict[tuple[datetime, Measured], Counts] = defaultdict(Counts)
    for row in await db.execute(_kept(*bounds)):
        told = row._mapping
        key = (row.starts_at, Measured(row.lob_id, row.channel, row.measure, row.clause_id))
        found[key] += Counts(**{name: int(told[name]) for name in SUMS})
    for row in await db.execute(_overdue(*bounds, as_of)):
        key = (
            starts_of(row.at, zone)["interval"],
            Measured(row.lob_id, row.channel, row.measure, row.clause_id),
        )
        found[key] += Counts(overdue=1)
    return [Interval(*key, counts) for key, counts in sorted(found.items()) if counts != Counts()]


def in_steps(quarters: Iterable[Interval], day: date, zone: str, minutes: int) -> list[Interval]:
    """Every interval of the day for everything that was counted in it, in order; where nothing was, of zeros."""
    starts = starts_in(day, zone, minutes)
    step = timedelta(minutes=minutes)
    sums: dict[tuple[datetime, Measured], Counts] = defaultdict(Counts)
    for each in quarters:
        sums[starts[(each.starts_at - starts[0]) // step], each.of] += each.counts
    counted = sorted({of for _, of in sums})
    return [Interval(at, of, sums.get((at, of), Counts())) for at in starts for of in counted]


def add_up(intervals: Iterable[Interval]) -> dict[Measured, Counts]:
    """What the intervals come to, without what is nothing."""
    found: dict[Measured, Counts] = defaultdict(Counts)
    for each in intervals:
        found[each.of] += each.counts
    return {of: counts for of, counts in found.items() if counts != Counts()}


def sums_of_day(cells: Sequence[Cell]) -> dict[Measured, Counts]:
    """The same from the cells of a report."""
    found: dict[Measured, Counts] = defaultdict(Counts)
    for cell in cells:
        found[Measured(cell.lob_id, cell.channel, cell.measure, cell.clause_id)] += cell.counts
    return {of: counts for of, counts in found.items() if counts != Counts()}


def _kept(start: datetime, end: datetime) -> Select[*tuple[Any, ...]]:
    key = (Tally.starts_at, Tally.lob_id, Tally.channel, Tally.measure, Tally.clause_id)
    sums = [func.sum(getattr(Tally, name)).label(name) for name in SUMS]
    return (
        select(*key, *sums)
        .where(Tally.grain == "interval", Tally.starts_at >= start, Tally.starts_at < end)
        .group_by(*key)
    )


def _overdue(start: datetime, end: datetime, as_of: datetime) -> Select[*tuple[Any, ...]]:
    """Open ones are few, and have an index of their own."""
    columns = (
        Observation.at, Observation.lob_id, Observation.channel, Observation.measure, Observation.clause_id,
    )  # fmt: skip
    return select(*columns).where(
        Observation.until_n.is_(None), is_overdue(as_of), Observation.at >= start, Observation.at < end
    )
