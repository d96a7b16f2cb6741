"""The reliefs of a month from its ledger: what they excuse, by which statistic, and as of which state."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from portavoce.core.db import Database
from portavoce.core.unit import now
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.counts import Counts
from portavoce.reporting.facts import Anchor, last_fact
from portavoce.reporting.intervals import read_quarters_of
from portavoce.reporting.money import Adjusted, month_money, progress_of
from portavoce.reporting.months import day_of
from portavoce.reporting.observing.following import catch_up
from portavoce.reporting.relief.adjusting import Held
from portavoce.reporting.relief.reading import (
    Relief,
    adjusted_commitments,
    read_relief,
    suppose,
)
from portavoce.reporting.standing import read_standing
from portavoce.sla.forecast import outlook
from portavoce.sla.goals import Direction, Goal, Statistic
from portavoce.sla.metrics import Metric
from portavoce.sla.relief.deciding import accept, contest, withdraw
from portavoce.sla.rules import Rule, share_goal
from portavoce.sla.schemes import PerBreach, Scheme
from tests.database import NOON
from tests.minting import Minted
from tests.reporting.promising import promise
from tests.reporting.reading import counting, reading, report_in
from tests.reporting.telling import Contact, tell
from tests.sla.relief.relieving import accepted, proposed, wish

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = "Europe/Rome"


class Seen(NamedTuple):
    relief: Relief
    raw: dict[UUID, Fraction | None]
    adjusted: dict[UUID, Fraction | None]
    queries: int


async def seen(database: Database, brand: Minted, anchor: Anchor | None = None) -> Seen:
    async with reading(database, brand) as db:
        report = await report_in(db, brand, anchor=anchor)
        standing = await read_standing(db, report)
        with counting(database) as queries:
            relief = await read_relief(db, report)
        adjusted = await adjusted_commitments(db, relief, standing)
    raw = {each.clause.id: each.value for each in standing}
    return Seen(relief, raw, {key: each.value for key, each in adjusted.items()}, len(queries))


async def march(database: Database, brand: Minted, clock: SteppedClock) -> None:
    """Five contacts: three in time, one answered late, one open and overdue. At noon of the first day one in time and one
    late were opened, an hour later the one that is overdue.
    """
    clock.move_to(NOON + 8 * DAY)
    await tell(
        database, brand, Contact(NOON, NOON + HOUR), Contact(NOON, NOON + 5 * HOUR), Contact(NOON + HOUR),
        Contact(NOON + DAY, NOON + DAY + HOUR), Contact(NOON + 2 * DAY, NOON + 2 * DAY + HOUR),
    )  # fmt: skip


async def test_without_events_there_is_nothing_to_adjust_and_one_query_says_so(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    await march(ledger, aurora, clock)
    found = await seen(ledger, aurora)
    assert (found.relief.events, found.adjusted, found.queries) == ([], {}, 1)


async def test_an_accepted_event_stands_beside_the_measured_figure(
    ledger: Database, aurora: Minted, clock: SteppedClock, rosa: UUID
) -> None:
    await march(ledger, aurora, clock)
    event_id = await proposed(ledger, aurora, rosa)
    await catch_up(ledger, aurora.id)
    before = await seen(ledger, aurora)
    assert [(each.event.id, each.event.state, each.held) for each in before.relief.events] == [
        (event_id, "proposed", Held(2, 1))
    ]
    assert (list(before.raw.values()), before.adjusted, before.queries) == ([Fraction(3, 5)], {}, 2)
    await ledger.run(aurora.writing, lambda db: accept(db, event_id, by=rosa))
    await catch_up(ledger, aurora.id)
    after = await seen(ledger, aurora)
    assert (list(after.raw.values()), list(after.adjusted.values())) == ([Fraction(3, 5)], [Fraction(2, 3)])
    assert [each.event.decided_by for each in after.relief.events] == ["client"]
    assert ([counts.units for counts in after.relief.relieved.values()], after.queries) == ([2], 2)


async def test_an_overdue_one_is_relieved_like_one_that_ended_late(
    ledger: Database, aurora: Minted, clock: SteppedClock, rosa: UUID
) -> None:
    await march(ledger, aurora, clock)
    await accepted(ledger, aurora, rosa, wish(NOON + HOUR, NOON + 2 * HOUR))
    await catch_up(ledger, aurora.id)
    found = await seen(ledger, aurora)
    assert (list(found.adjusted.values()), found.relief.events[0].held) == ([Fraction(3, 4)], Held(1, 1))


async def test_what_began_before_the_event_and_became_late_through_it_stays(
    ledger: Database, aurora: Minted, clock: SteppedClock, rosa: UUID
) -> None:
    await march(ledger, aurora, clock)
    await accepted(ledger, aurora, rosa, wish(NOON + 2 * HOUR, NOON + 6 * HOUR))
    await catch_up(ledger, aurora.id)
    found = await seen(ledger, aurora)
    assert ([each.held for each in found.relief.events], found.adjusted) == ([Held()], {})


async def test_who_has_only_the_intervals_finds_the_same_adjusted_figure(
    ledger: Database, aurora: Minted, clock: SteppedClock, rosa: UUID
) -> None:
    """The month less the quarters of the event, added up by hand."""
    await march(ledger, aurora, clock)
    start, end = NOON - HOUR / 2, NOON + HOUR
    await accepted(ledger, aurora, rosa, wish(start, end))
    await catch_up(ledger, aurora.id)
    found = await seen(ledger, aurora)
    async with reading(ledger, aurora) as db:
        quarters = await read_quarters_of(db, ZONE, day_of(NOON, ZONE), now(db))
        report = await report_in(db, aurora)
    (clause,) = report.clauses
    inside = [
        one.counts for one in quarters if one.of.clause_id == clause.id and start <= one.starts_at < end
    ]
    left = report.counts(clause.metric, clauses=[clause.id]) - sum(inside, Counts())
    assert list(found.adjusted.values()) == [Fraction(left.met, left.decided)] == [Fraction(2, 3)]


async def test_an_earlier_state_shows_what_was_decided_then(
    ledger: Database, aurora: Minted, clock: SteppedClock, rosa: UUID
) -> None:
    await march(ledger, aurora, clock)
    event_id = await proposed(ledger, aurora, rosa)
    await catch_up(ledger, aurora.id)
    async with reading(ledger, aurora) as db:
        then = Anchor(*await last_fact(db, aurora.id), now(db))
    await ledger.run(aurora.writing, lambda db: accept(db, event_id, by=rosa))
    await catch_up(ledger, aurora.id)
    assert (await seen(ledger, aurora, then)).adjusted == {}
    assert len((await seen(ledger, aurora)).adjusted) == 1


async def test_contested_ones_are_shown_and_withdrawn_ones_are_not(
    ledger: Database, aurora: Minted, clock: SteppedClock, rosa: UUID
) -> None:
    await march(ledger, aurora, clock)
    one, other = await proposed(ledger, aurora, rosa), await proposed(ledger, aurora, rosa)
    await ledger.run(aurora.writing, lambda db: contest(db, one, "No.", by=rosa))
    await ledger.run(aurora.writing, lambda db: withdraw(db, other, by=rosa))
    await catch_up(ledger, aurora.id)
    found = await seen(ledger, aurora)
    assert [(each.event.id, each.held) for each in found.relief.events] == [(one, Held(2, 1))]
    assert found.adjusted == {}


async def test_a_month_shows_events_that_lie_in_it_and_no_others(
    ledger: Database, aurora: Minted, clock: SteppedClock, rosa: UUID
) -> None:
    await march(ledger, aurora, clock)
    await accepted(ledger, aurora, rosa, wish(NOON - 10 * DAY, NOON - 9 * DAY))
    quiet = await accepted(ledger, aurora, rosa, wish(NOON + 3 * DAY, NOON + 4 * DAY))
    await catch_up(ledger, aurora.id)
    found = await seen(ledger, aurora)
    assert [(each.event.id, each.held) for each in found.relief.events] == [(quiet, Held())]


async def test_a_percentile_is_looked_for_among_what_is_left(
    ledger: Database, aurora: Minted, clock: SteppedClock, rosa: UUID
) -> None:
    goal = Goal(Statistic.PERCENTILE, Direction.AT_MOST, Decimal(7_200), 9_000)
    ranked = await promise(
        ledger, aurora, Metric.FIRST_RESPONSE, Rule(goal=goal), within_s=14_400, ordinal=2, always=True
    )
    await march(ledger, aurora, clock)
    await tell(ledger, aurora, Contact(NOON + 3 * DAY, NOON + 3 * DAY + 9 * HOUR))
    await accepted(ledger, aurora, rosa)
    await catch_up(ledger, aurora.id)
    found = await seen(ledger, aurora)
    assert (found.raw[ranked], found.adjusted[ranked]) == (Fraction(32_400), Fraction(32_400))
    await accepted(ledger, aurora, rosa, wish(NOON + 3 * DAY, NOON + 3 * DAY + HOUR))
    await catch_up(ledger, aurora.id)
    assert (await seen(ledger, aurora)).adjusted[ranked] == 3_600


async def test_what_is_excused_costs_nothing_and_what_it_would_cost_is_told(
    ledger: Database, aurora: Minted, clock: SteppedClock, rosa: UUID
) -> None:
    await promise(
        ledger, aurora, Metric.FIRST_RESPONSE, Rule(goal=share_goal(9000), scheme=Scheme((PerBreach(500),))),
        within_s=14_400, ordinal=2,
    )  # fmt: skip
    await march(ledger, aurora, clock)
    await accepted(ledger, aurora, rosa)
    await catch_up(ledger, aurora.id)
    async with reading(ledger, aurora) as db:
        report = await report_in(db, aurora)
        standing = await read_standing(db, report)
        relief = await read_relief(db, report)
        adjusted = Adjusted(relief.adjusted, await adjusted_commitments(db, relief, standing))
    money = month_money(report, standing, adjusted)
    assert money is not None
    assert (money.settlement.raw_cents, money.settlement.adjusted_cents) == (1_000, 500)
    assert [(each.measured.credit.due, each.outcome.credit.due) for each in money.clauses] == [(1_000, 500)]
    assert money.is_adjusted
    plain = month_money(report, standing)
    assert plain is not None
    assert (plain.settlement.adjusted_cents, plain.is_adjusted) == (1_000, False)


async def test_what_an_event_would_change_is_known_before_anybody_has_read_it(
    ledger: Database, aurora: Minted, clock: SteppedClock, rosa: UUID
) -> None:
    await march(ledger, aurora, clock)
    event_id = await proposed(ledger, aurora, rosa)
    async with reading(ledger, aurora) as db:
        report = await report_in(db, aurora)
        with counting(ledger) as queries:
            without, with_it = await suppose(db, report, event_id)
        found = await adjusted_commitments(db, with_it, await read_standing(db, report))
    assert [each.value for each in found.values()] == [Fraction(2, 3)]
    assert (without.relieved, with_it.held_by(event_id), len(queries)) == ({}, Held(2, 1), 2)


async def test_how_many_are_still_to_come_is_expected_from_all_that_came(
    ledger: Database, aurora: Minted, clock: SteppedClock, rosa: UUID
) -> None:
    """The hours of an event were hours like others: what came in them comes again."""
    await promise(
        ledger, aurora, Metric.FIRST_RESPONSE, Rule(goal=share_goal(9000), scheme=Scheme((PerBreach(500),))),
        within_s=14_400, ordinal=2,
    )  # fmt: skip
    await march(ledger, aurora, clock)
    await accepted(ledger, aurora, rosa)
    await catch_up(ledger, aurora.id)
    async with reading(ledger, aurora) as db:
        report = await report_in(db, aurora)
        standing = await read_standing(db, report)
        relief = await read_relief(db, report)
        adjusted = Adjusted(relief.adjusted, await adjusted_commitments(db, relief, standing))
    money = month_money(report, standing, adjusted)
    assert money is not None
    (only,) = money.clauses
    progress = progress_of(relief.adjusted, only.standing, report.month.bounds(ZONE)[1], seen=5)
    fewer = progress_of(relief.adjusted, only.standing, report.month.bounds(ZONE)[1], seen=3)
    assert (progress.decided, progress.rest > fewer.rest) == (3, True)
    assert only.outlook == outlook(only.standing.clause.rule.goal, progress)
    assert only.outlook != outlook(only.standing.clause.rule.goal, fewer)
