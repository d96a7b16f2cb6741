"""The relief events of a month as the ledger told them at its anchor, and the month without what they excuse.

Events come from facts and never from their rows: an earlier state of the ledger shows what was decided then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.ledger.models import LedgerEvent
from portavoce.reporting.commitments import Commitment
from portavoce.reporting.counts import Counts
from portavoce.reporting.facts import read_body
from portavoce.reporting.month import MonthReport
from portavoce.reporting.relief.adjusting import Held, relieved_of, without
from portavoce.reporting.relief.holding import read_held, relieved
from portavoce.reporting.standing import read_standing
from portavoce.sla.relief.told import (
    KINDS,
    Event,
    ReliefFact,
    State,
    accepted_windows,
    read_events,
)
from portavoce.sla.relief.windows import Window

EVER = (1 << 63) - 1


class Holding(msgspec.Struct, frozen=True):
    """An event with what it holds of the month's clauses."""

    event: Event
    held: Held


class Relief(msgspec.Struct, frozen=True):
    """`events` are those of the month, latest first; `adjusted` is its report without the relieved units, of which
    `relieved` are counts by clause.
    """

    events: Sequence[Holding]
    adjusted: MonthReport
    relieved: Mapping[UUID, Counts] = {}

    @property
    def excuses(self) -> ColumnElement[bool] | None:
        """Whether a unit is among the relieved ones, asked of the database."""
        return relieved(self.windows)

    @property
    def windows(self) -> list[Window]:
        """Accepted ones, in the order of their proposals."""
        return accepted_windows(sorted((each.event for each in self.events), key=_proposal))

    def held_by(self, relief_id: UUID) -> Held:
        return sum((each.held for each in self.events if each.event.id == relief_id), Held())


async def read_relief(db: AsyncSession, report: MonthReport) -> Relief:
    """One query, a second one where events lie in the month."""
    return await _relief(db, report, read_events(await read_relief_facts(db, report.anchor.n)))


async def suppose(db: AsyncSession, report: MonthReport, relief_id: UUID) -> tuple[Relief, Relief]:
    """As if this event were not accepted, and as if it were, by what the whole ledger tells of it and of the others. Two
    queries, a third one where others give something in this month; without them nothing is said of events before it.
    """
    known = read_events(await read_relief_facts(db, EVER))
    without, with_it = (
        [msgspec.structs.replace(each, state=state) if each.id == relief_id else each for each in known]
        for state in (State.PROPOSED, State.ACCEPTED)
    )
    bounds = report.month.bounds(report.zone)
    others = any(each.gives and each.window.meets(*bounds) for each in without)
    before = await _relief(db, report, without) if others else Relief((), report)
    return before, await _relief(db, report, with_it)


async def _relief(db: AsyncSession, report: MonthReport, known: Sequence[Event]) -> Relief:
    bounds = report.month.bounds(report.zone)
    events = [each for each in known if each.state is not State.WITHDRAWN and each.window.meets(*bounds)]
    held, cells = await read_held(db, report, events)
    latest = sorted(events, key=lambda each: each.window.starts_at, reverse=True)
    shown = [Holding(event, held.get(event.id, Held())) for event in latest]
    adjusted = msgspec.structs.replace(report, cells=without(report.cells, cells)) if cells else report
    return Relief(shown, adjusted, relieved_of(cells))


async def adjusted_commitments(
    db: AsyncSession, relief: Relief, standing: Sequence[Commitment]
) -> dict[UUID, Commitment]:
    """By clause, of those of which a unit is relieved; the queries of `read_standing`, none where nothing is."""
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


def _proposal(event: Event) -> tuple[object, UUID]:
    return event.proposed_at, event.id
