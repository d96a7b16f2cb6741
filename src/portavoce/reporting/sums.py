"""The sums of a stretch of a brand's time, day by day: what every figure of a report is added up from.

They come from the sums that are kept, or, for an earlier state of the ledger, from the units that stood then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Function, Select, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.reporting.counts import Cell, Counts
from portavoce.reporting.facts import Anchor
from portavoce.reporting.models import Observation, ReportHead, Tally
from portavoce.reporting.months import day_of

STATES = ("met", "late", "let_go")


async def report_head(db: AsyncSession) -> int:
    """The last fact that the kept sums know of; 0 when nothing was read yet."""
    return await db.scalar(select(ReportHead.n)) or 0


async def read_sums(
    db: AsyncSession, zone: str, bounds: tuple[datetime, datetime], anchor: Anchor
) -> list[Cell]:
    """Of the units counted in [start, end), as told at the anchor. Three queries at the present head, two before it."""
    if anchor.n == await report_head(db):
        rows = await db.execute(_kept(*bounds))
        late = await db.execute(_overdue(*bounds, zone, anchor))
        return cells_of([*rows, *late], zone)
    return cells_of(await db.execute(_told(*bounds, zone, anchor)), zone)


def stood(n: int) -> ColumnElement[bool]:
    """Whether a unit was told so at fact `n`."""
    return (Observation.from_n <= n) & or_(Observation.until_n.is_(None), Observation.until_n > n)


def is_overdue(as_of: datetime) -> ColumnElement[bool]:
    return (Observation.state == "open") & (Observation.due_at < as_of)


def key_of(zone: str) -> tuple[Any, ...]:
    """What the sums of a report are told by. Days are cut by PostgreSQL on the clock of the zone."""
    day = func.date_trunc("day", Observation.at, zone).label("starts_at")
    return day, Observation.measure, Observation.clause_id, Observation.lob_id, Observation.channel


def counted(as_of: datetime) -> dict[str, Function[Any]]:
    """What `Counts` has of units, by its names."""
    return {
        "units": func.count(Observation.from_n),
        "ended": func.count(Observation.until),
        **{state: _sum(Observation.state == state) for state in STATES},
        "overdue": _sum(is_overdue(as_of)),
        "used_s": func.sum(Observation.used_s),
        "with_client_s": func.sum(Observation.with_client_s),
    }


def cells_of(rows: Iterable[Any], zone: str) -> list[Cell]:
    found: dict[tuple[date, str, UUID, UUID, str], Counts] = defaultdict(Counts)
    for row in rows:
        told = row._mapping
        key = (day_of(row.starts_at, zone), row.measure, row.clause_id, row.lob_id, row.channel)
        found[key] += Counts(**{name: int(told[name] or 0) for name in _NAMES if name in told})
    return [
        Cell(day, measure, clause_id, lob_id, channel, counts)
        for (day, measure, clause_id, lob_id, channel), counts in sorted(found.items())
    ]


def _kept(start: datetime, end: datetime) -> Select[*tuple[Any, ...]]:
    sums = [func.sum(getattr(Tally, name)).label(name) for name in _NAMES if name != "overdue"]
    key = (Tally.starts_at, Tally.measure, Tally.clause_id, Tally.lob_id, Tally.channel)
    return (
        select(*key, *sums)
        .where(Tally.grain == "day", Tally.starts_at >= start, Tally.starts_at < end)
        .group_by(*key)
    )


def _overdue(start: datetime, end: datetime, zone: str, anchor: Anchor) -> Select[*tuple[Any, ...]]:
    """Open ones are few, and have an index of their own."""
    key = key_of(zone)
    return (
        select(*key, func.count(Observation.from_n).label("overdue"))
        .where(
            Observation.until_n.is_(None),
            is_overdue(anchor.at),
            Observation.at >= start,
            Observation.at < end,
        )
        .group_by(*key)
    )


def _told(start: datetime, end: datetime, zone: str, anchor: Anchor) -> Select[*tuple[Any, ...]]:
    key = key_of(zone)
    return (
        select(*key, *(each.label(name) for name, each in counted(anchor.at).items()))
        .where(stood(anchor.n), Observation.at >= start, Observation.at < end)
        .group_by(*key)
    )


def _sum(condition: ColumnElement[bool]) -> Function[Any]:
    return func.sum(case((condition, 1), else_=0))


_NAMES = Counts.__struct_fields__
