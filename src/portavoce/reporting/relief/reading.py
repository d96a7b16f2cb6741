"""The relief events of a month as the ledger told them at its anchor, and the month without what they excuse.

Events come from facts and never from their rows: an earlier state of the ledger shows what was decided then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.ledger.models import LedgerEvent
from portavoce.reporting.commitments import Commitment
from portavoce.reporting.counts import Counts
from portavoce.reporting.facts import read_body
from portavoce.reporting.models import Observation
from portavoce.reporting.month import MonthReport
from portavoce.reporting.observing.following import VALUES
from portavoce.reporting.observing.units import Unit
from portavoce.reporting.relief.adjusting import (
    relieved_cells,
    relieved_of,
    relieved_units,
    touched_counts,
    without,
)
from portavoce.reporting.standing import read_standing
from portavoce.reporting.sums import is_overdue, stood
from portavoce.sla.relief.told import KINDS, Event, ReliefFact, State, read_events
from portavoce.sla.relief.windows import Window

EVER = (1 << 63) - 1


class Touched(msgspec.Struct, frozen=True):
    """An event with the number of late units of the month that it touches."""

    event: Event
    late: int


class Relief(msgspec.Struct, frozen=True):
    """`events` are those of the month, latest first; `adjusted` is its report without the relieved units, of which
    `relieved` are counts by clause.
    """

    events: Sequence[Touched]
    adjusted: MonthReport
    relieved: Mapping[UUID, Counts] = {}

    @property
    def excuses(self) -> ColumnElement[bool]:
        """Whether a unit is among the relieved ones, asked of the database."""
        late = or_(Observation.state == "late", is_overdue(self.adjusted.anchor.at))
        return and_(late, or_(*(touches(window) for window in self.windows if window.cause.relieves)))

    @property
    def windows(self) -> list[Window]:
        """Accepted ones, in the order of their proposals."""
        accepted = sorted((each.event for each in self.events if each.event.is_accepted), key=_proposal)
        return [event.window for event in accepted]


async def read_relief(db: AsyncSession, report: MonthReport) -> Relief:
    """One query, a second one where an event may touch a unit. An event is of a month that it lies in, or touches."""
    return await _relief(db, report, read_events(await read_relief_facts(db, report.anchor.n)))


async def suppose_accepted(db: AsyncSession, report: MonthReport, relief_id: UUID) -> Relief:
    """As if this event were accepted, by what the whole ledger tells of it and of the others."""
    known = read_events(await read_relief_facts(db, EVER))
    accepted = [
        msgspec.structs.replace(event, state=State.ACCEPTED) if event.id == relief_id else event
        for event in known
    ]
    return await _relief(db, report, accepted)


async def _relief(db: AsyncSession, report: MonthReport, known: Sequence[Event]) -> Relief:
    events = [event for event in known if event.state is not State.WITHDRAWN]
    units = await _late_units(db, report, events)
    return relief_of(report, events, units)


def relief_of(report: MonthReport, events: Sequence[Event], units: Sequence[Unit]) -> Relief:
    bounds, as_of = report.month.bounds(report.zone), report.anchor.at
    start, end = bounds
    touched = touched_counts(units, events, as_of)
    shown = [
        Touched(event, touched[event.id])
        for event in sorted(events, key=lambda each: each.window.starts_at, reverse=True)
        if touched[event.id] or (event.window.starts_at < end and start < event.window.ends_at)
    ]
    cells = relieved_cells(relieved_units(units, events, as_of), report.zone, bounds, as_of)
    adjusted = msgspec.structs.replace(report, cells=without(report.cells, cells)) if cells else report
    return Relief(shown, adjusted, relieved_of(cells))


async def adjusted_commitments(
    db: AsyncSession, relief: Relief, standing: Sequence[Commitment]
) -> dict[UUID, Commitment]:
    """By clause, of those of which a unit is relieved; the queries of `read_standing`."""
    if not relief.relieved:
        return {}
    all_of_them = await read_standing(db, relief.adjusted, besides=relief.excuses)
    found = {each.clause.id: each for each in all_of_them}
    return {each.clause.id: found[each.clause.id] for each in standing if each.clause.id in relief.relieved}


async def read_relief_facts(db: AsyncSession, upto: int) -> list[ReliefFact]:
    """In order of the ledger."""
    query = (
        select(
            LedgerEvent.n,
            LedgerEvent.kind,
            LedgerEvent.at,
            LedgerEvent.lob_id,
            LedgerEvent.interaction_id,
            LedgerEvent.body,
        )
        .where(LedgerEvent.kind.in_(KINDS), LedgerEvent.n <= upto)
        .order_by(LedgerEvent.n)
    )
    return [
        ReliefFact(row.n, row.kind, row.at, row.lob_id, row.interaction_id, read_body(row.body))
        for row in await db.execute(query)
    ]


def touches(window: Window) -> ColumnElement[bool]:
    """What `Window.touches` says of a unit that is late, asked of the database."""
    asked = [
        Observation.due_at.is_not(None),
        Observation.due_at > window.starts_at,
        Observation.since < window.ends_at,
    ]
    for column, value in (
        (Observation.lob_id, window.lob_id),
        (Observation.channel, window.channel),
        (Observation.interaction_id, window.interaction_id),
    ):
        if value is not None:
            asked.append(column == value)
    return and_(*asked)


async def _late_units(db: AsyncSession, report: MonthReport, events: Sequence[Event]) -> list[Unit]:
    """Late ones of the month's clauses that one of the events touches."""
    start, end = report.month.bounds(report.zone)
    if not events or not report.clauses:
        return []
    query = select(*(getattr(Observation, name) for name in VALUES)).where(
        stood(report.anchor.n),
        Observation.clause_id.in_([clause.id for clause in report.clauses]),
        Observation.at >= start,
        Observation.at < end,
        or_(Observation.state == "late", is_overdue(report.anchor.at)),
        or_(*(touches(event.window) for event in events)),
    )
    return [Unit(**row._mapping) for row in await db.execute(query)]


def _proposal(event: Event) -> tuple[object, UUID]:
    return event.proposed_at, event.id
