"""What events hold, asked of the database: in sums and never unit by unit, so that an event of days loads no more rows than
one of an hour. `sla.relief.windows` is the rule; this says the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.reporting.counts import Cell, Counts
from portavoce.reporting.models import Observation
from portavoce.reporting.month import MonthReport
from portavoce.reporting.observing.units import NO_CLAUSE
from portavoce.reporting.relief.adjusting import Held
from portavoce.reporting.sums import cells_of, counted, is_overdue, key_of, stood
from portavoce.sla.relief.told import Event, accepted_windows
from portavoce.sla.relief.windows import Window

AT_ONCE = 400
"""Events of one statement, each with two columns: PostgreSQL gives 1664."""


def holds(window: Window) -> ColumnElement[bool]:
    """What `Window.holds` says of a unit. None of these columns can be NULL, so that "not held" is never unknown."""
    asked = [Observation.at >= window.starts_at, Observation.at < window.ends_at]
    for column, value in (
        (Observation.lob_id, window.lob_id),
        (Observation.channel, window.channel),
        (Observation.interaction_id, window.interaction_id),
    ):
        if value is not None:
            asked.append(column == value)
    return and_(*asked)


def relieved(windows: Sequence[Window]) -> ColumnElement[bool] | None:
    """Whether one of the accepted windows takes a unit out of its figure; None where none of them takes out anything."""
    excusing = [holds(window) for window in windows if window.cause.relieves]
    return or_(*excusing) if excusing else None


async def read_held(
    db: AsyncSession, report: MonthReport, events: Sequence[Event]
) -> tuple[Mapping[UUID, Held], list[Cell]]:
    """What each event holds of the month's clauses, and of what accepted ones take out the sums by the key of the report.

    One query, none where no event lies in the month.
    """
    start, end = report.month.bounds(report.zone)
    if not events or not report.clauses:
        return defaultdict(Held), []
    first = max(start, min(event.window.starts_at for event in events))
    last = min(end, max(event.window.ends_at for event in events))
    key, excused = key_of(report.zone), relieved(accepted_windows(events))
    sums = [] if excused is None else _among(excused, report.anchor.at)
    query = (
        select(*key, *sums)
        .where(
            stood(report.anchor.n),
            Observation.measure.in_({str(clause.metric) for clause in report.clauses}),
            Observation.clause_id.in_([clause.id for clause in report.clauses]),
            Observation.at >= first,
            Observation.at < last,
        )
        .group_by(*key)
    )
    held, rows = await _held(db, events, report.anchor.at, query)
    return held, [cell for cell in cells_of(rows, report.zone) if cell.counts != Counts()]


async def read_all_held(db: AsyncSession, events: Sequence[Event], as_of: datetime) -> Mapping[UUID, Held]:
    """The same of all that stands at the head of the reports, whichever month it is counted in."""
    query = select().where(Observation.until_n.is_(None), Observation.clause_id != NO_CLAUSE)
    return (await _held(db, events, as_of, query))[0]


def _among(excused: ColumnElement[bool], as_of: datetime) -> list[ColumnElement[Any]]:
    return [each.filter(excused).label(name) for name, each in counted(as_of).items()]


async def _held(
    db: AsyncSession, events: Sequence[Event], as_of: datetime, query: Select[*tuple[Any, ...]]
) -> tuple[Mapping[UUID, Held], Sequence[Any]]:
    """Beside what `query` asks for, so many events at once; what it asks for itself is the same each time."""
    late = or_(Observation.state == "late", is_overdue(as_of))
    found: dict[UUID, Held] = defaultdict(Held)
    rows: Sequence[Any] = []
    for first in range(0, len(events), AT_ONCE):
        part = events[first : first + AT_ONCE]
        columns = [
            func.sum(case((asked, 1), else_=0)).label(f"{name}_{n}")
            for n, event in enumerate(part)
            for name, asked in (
                ("held", holds(event.window)),
                ("late", and_(holds(event.window), late)),
            )
        ]
        asked_of = query.add_columns(*columns).where(or_(*(holds(event.window) for event in events)))
        rows = (await db.execute(asked_of)).all()
        for row in rows:
            told = row._mapping
            for n, event in enumerate(part):
                found[event.id] += Held(int(told[f"held_{n}"] or 0), int(told[f"late_{n}"] or 0))
    return found, rows
