"""What the database is asked about events is the pure rule itself, on chance histories and at every edge."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Column, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.visitors import iterate

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.breaches import read_breaches
from portavoce.reporting.counts import Counts, count_units
from portavoce.reporting.models import Observation
from portavoce.reporting.observing.following import VALUES, catch_up
from portavoce.reporting.observing.units import NO_CLAUSE, Unit
from portavoce.reporting.relief import holding
from portavoce.reporting.relief.adjusting import held_units, relieved_units
from portavoce.reporting.relief.holding import holds, read_all_held, read_held, relieved
from portavoce.reporting.relief.reading import EVER, read_relief_facts
from portavoce.sla.metrics import Metric
from portavoce.sla.relief.causes import Cause
from portavoce.sla.relief.told import Event, State, accepted_windows, read_events
from portavoce.sla.relief.windows import Window, cause_of, is_late
from portavoce.sla.rules import Rule, share_goal
from tests.database import NOON
from tests.minting import Minted
from tests.reporting.promising import promise
from tests.reporting.reading import counting, reading, report_in
from tests.reporting.telling import Contact, tell
from tests.sla.relief.relieving import accepted, proposed, wish

HOUR, DAY, QUARTER = timedelta(hours=1), timedelta(days=1), timedelta(minutes=15)


@pytest.fixture
async def march(ledger: Database, aurora: Minted, clock: SteppedClock, rosa: UUID) -> Minted:
    """Chance contacts, one or two opened on a full hour, by three clauses of which one knows no due instant; events of
    chance places and causes over some of them.
    """
    day = Rule(goal=share_goal(8000))
    await promise(ledger, aurora, Metric.FIRST_CONTACT_RESOLUTION, day, within_s=86_400)
    await promise(ledger, aurora, Metric.RESOLUTION, day, within_s=9_000)
    clock.move_to(NOON + 8 * DAY)
    dice = Random(23)
    openings = [NOON, NOON + HOUR, *(NOON + dice.random() * 5 * DAY for _ in range(40))]
    contacts = [
        Contact(each, each + dice.random() * 2 * DAY, closed=each + 3 * DAY)
        if dice.random() < 0.7
        else Contact(each)
        for each in openings
    ]
    await tell(ledger, aurora, *contacts)
    await accepted(ledger, aurora, rosa, wish(NOON, NOON + HOUR))
    scopes: tuple[dict[str, Any], ...] = (
        {},
        {"channel": "email"},
        {"channel": "phone"},
        {"lob_id": aurora.lob_id},
    )
    for cause in (Cause.PROVIDER_FAULT, Cause.FORCE_MAJEURE, Cause.CLIENT_SYSTEM_DOWN):
        for scope in scopes:
            start = NOON + dice.randrange(5 * 96) * QUARTER
            verb = accepted if dice.random() < 0.7 else proposed
            await verb(
                ledger, aurora, rosa, wish(start, start + dice.randrange(1, 96) * QUARTER, cause, **scope)
            )
    await catch_up(ledger, aurora.id)
    return aurora


async def told(db: AsyncSession) -> list[Event]:
    """With one more, of a single contact, that the client has accepted."""
    known = read_events(await read_relief_facts(db, EVER))
    late = select(Observation.interaction_id).where(
        Observation.state == "late", Observation.until_n.is_(None)
    )
    contact = await db.scalar(late.order_by(Observation.interaction_id).limit(1))
    window = Window(
        cause=Cause.VOLUME_OVER_FORECAST, starts_at=NOON, ends_at=NOON + 9 * DAY, interaction_id=contact
    )
    return [*known, Event(UUID(int=1), window, State.ACCEPTED, NOON, None)]


async def test_sums_and_counts_are_those_of_the_pure_rule(ledger: Database, march: Minted) -> None:
    async with reading(ledger, march) as db:
        report = await report_in(db, march)
        events = await told(db)
        with counting(ledger) as queries:
            held, cells = await read_held(db, report, events)
        everything = await read_all_held(db, events, report.anchor.at)
        rows = await db.execute(
            select(*(getattr(Observation, name) for name in VALUES)).where(Observation.until_n.is_(None))
        )
        units = [Unit(**row._mapping) for row in rows]
        breaches = await read_breaches(db, report, accepted_windows(events))
    bounds, as_of = report.month.bounds(report.zone), report.anchor.at
    ours = held_units(units, events, as_of)
    assert len(queries) == 1
    assert (
        {event.id: held[event.id] for event in events}
        == ours
        == {event.id: everything[event.id] for event in events}
    )
    assert len({each.units for each in ours.values()}) > 3
    assert cells == count_units(relieved_units(units, events), report.zone, *bounds, as_of)
    assert {cell.measure for cell in cells} == {"first_response", "resolution", "first_contact_resolution"}
    assert sum((cell.counts for cell in cells), Counts()).met > 0
    windows = accepted_windows(events)
    late = [unit for unit in units if unit.clause_id != NO_CLAUSE and is_late(unit, as_of)]
    causes = Counter(cause_of(unit, windows, as_of) for unit in late)
    assert causes == Counter(
        {each: sum(one.count for one in breaches if one.cause is each) for each in causes}
    )
    assert None in causes
    assert len(causes) > 2


async def test_more_events_than_a_statement_holds_are_asked_for_in_turn(
    ledger: Database, march: Minted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(ledger, march) as db:
        report = await report_in(db, march)
        events = await told(db)
        at_once = await read_held(db, report, events)
        monkeypatch.setattr(holding, "AT_ONCE", 3)
        assert await read_held(db, report, events) == at_once


async def test_every_unit_is_either_relieved_or_not_and_never_neither(
    ledger: Database, march: Minted
) -> None:
    """Three-valued logic would lose those of which it knows nothing, as clauses without a due instant."""
    async with reading(ledger, march) as db:
        windows = accepted_windows(await told(db))
        excused = relieved(windows)
        assert excused is not None
        number = select(func.count(Observation.from_n))
        gone, left, both = [
            await db.scalar(query) or 0 for query in (number.where(excused), number.where(~excused), number)
        ]
    assert gone
    assert gone + left == both
    asked = {each.key for window in windows for each in iterate(holds(window)) if isinstance(each, Column)}
    assert asked == {"at", "lob_id", "channel", "interaction_id"}
    assert not asked & {column.key for column in Observation.__table__.columns if column.nullable}


async def test_nothing_is_asked_without_events_and_nothing_taken_out_by_what_was_not_accepted(
    ledger: Database, march: Minted
) -> None:
    def event(state: State, cause: Cause = Cause.FORCE_MAJEURE) -> Event:
        window = Window(cause=cause, starts_at=NOON, ends_at=NOON + 5 * DAY)
        return Event(UUID(int=len(state)), window, state, NOON, None)

    async with reading(ledger, march) as db:
        report = await report_in(db, march)
        with counting(ledger) as queries:
            assert await read_held(db, report, []) == ({}, [])
        assert queries == []
        for each in (
            event(State.PROPOSED),
            event(State.CONTESTED),
            event(State.ACCEPTED, Cause.PROVIDER_FAULT),
        ):
            held, cells = await read_held(db, report, [each])
            assert (held[each.id].units > 30, cells) == (True, [])
    assert relieved([Window(cause=Cause.PROVIDER_FAULT, starts_at=NOON, ends_at=NOON + DAY)]) is None
