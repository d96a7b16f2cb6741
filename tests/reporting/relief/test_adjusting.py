"""Figures with and without relieved units, for each statistic, counted by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID, uuid4

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from portavoce.reporting.attaining import attained, slots_of
from portavoce.reporting.counts import Counts, count_units
from portavoce.reporting.figures import value_of
from portavoce.reporting.observing.units import Unit
from portavoce.reporting.relief.adjusting import Held, held_units, relieved_of, relieved_units, without
from portavoce.sla.goals import Direction, Goal, Statistic
from portavoce.sla.measures.ratios import share_bp
from portavoce.sla.metrics import Metric
from portavoce.sla.relief.causes import Cause
from portavoce.sla.relief.told import Event, State
from portavoce.sla.relief.windows import Window
from portavoce.sla.rules import Attainment, Clause, Rule, share_goal
from tests.database import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLAUSE, LINE, ZONE = uuid4(), uuid4(), "Europe/Rome"
BOUNDS = NOON - DAY, NOON + 20 * DAY
LATER = NOON + 19 * DAY


def unit(hour: float, state: str = "late", used_s: int = 20_000, clause: UUID = CLAUSE) -> Unit:
    """Begun that many hours after noon and due four hours later."""
    since = NOON + hour * HOUR
    return Unit(
        interaction_id=uuid4(), measure="first_response", clause_id=clause, at=since, lob_id=LINE, channel="email",
        since=since, until=None if state == "open" else since + 6 * HOUR, due_at=since + 4 * HOUR, state=state,
        used_s=0 if state == "open" else used_s,
    )  # fmt: skip


def event(
    start: float, end: float, state: State = State.ACCEPTED, cause: Cause = Cause.FORCE_MAJEURE
) -> Event:
    window = Window(cause=cause, starts_at=NOON + start * HOUR, ends_at=NOON + end * HOUR)
    return Event(id=uuid4(), window=window, state=state, proposed_at=NOON, due_at=None)


def clause(statistic: Statistic, direction: Direction) -> Clause:
    goal = Goal(
        statistic, direction, Decimal("0.9") if statistic is Statistic.SHARE_WITHIN else Decimal(9_000)
    )
    return Clause(
        id=CLAUSE, version=1, lob_id=LINE, channel="email", metric=Metric.FIRST_RESPONSE, ordinal=1, threshold_s=14_400,
        rule=Rule(goal=goal), calendar_name=None,
    )  # fmt: skip


def figures(units: list[Unit], events: list[Event], by: Clause) -> tuple[Fraction | None, Fraction | None]:
    cells = count_units(units, ZONE, *BOUNDS, LATER)
    excused = count_units(relieved_units(units, events), ZONE, *BOUNDS, LATER)
    both = (cells, without(cells, excused))
    return tuple(value_of(by, sum((cell.counts for cell in each), Counts())) for each in both)  # type: ignore[return-value]  # -- two


MIXED = [unit(0), unit(1, "met", 3_600), unit(30), unit(31, "met", 7_200), unit(50, "open")]
"""Two late ones, one open past due and two in time."""


def test_the_hours_of_an_event_leave_above_and_below() -> None:
    """910 of 1,100 in time are 82.7 per cent; 60 of the 100 of the event's hours were. 850 of 1,000 are 85 per cent."""
    rest = [unit(30, "met")] * 850 + [unit(30)] * 150
    hours = [unit(0, "met")] * 60 + [unit(1)] * 40
    by = clause(Statistic.SHARE_WITHIN, Direction.AT_LEAST)
    assert figures(rest + hours, [event(0, 2)], by) == (Fraction(910, 1100), Fraction(850, 1000))
    assert [share_bp(910, 1100), share_bp(850, 1000)] == [8273, 8500]
    only = event(0, 2)
    assert held_units(rest + hours, [only], LATER) == {only.id: Held(100, 40)}


def test_an_event_in_which_more_was_kept_than_elsewhere_lowers_the_figure() -> None:
    by = clause(Statistic.SHARE_WITHIN, Direction.AT_LEAST)
    assert figures([unit(0, "met"), unit(30), unit(31, "met")], [event(0, 2)], by) == (
        Fraction(2, 3),
        Fraction(1, 2),
    )


def test_a_share_loses_what_is_held_in_both_parts() -> None:
    by = clause(Statistic.SHARE_WITHIN, Direction.AT_LEAST)
    assert figures(MIXED, [event(0, 1)], by) == (Fraction(2, 5), Fraction(2, 4))
    assert figures(MIXED, [event(0, 2)], by) == (Fraction(2, 5), Fraction(1, 3))
    assert figures(MIXED, [event(0, 1), event(50, 52)], by) == (Fraction(2, 5), Fraction(2, 3))
    assert figures(MIXED, [event(0, 60)], by) == (Fraction(2, 5), None)


def test_a_share_of_late_ones_loses_them_above_and_below() -> None:
    by = clause(Statistic.SHARE_WITHIN, Direction.AT_MOST)
    assert figures(MIXED, [event(0, 1)], by) == (Fraction(3, 5), Fraction(2, 4))
    assert figures(MIXED, [event(0, 2)], by) == (Fraction(3, 5), Fraction(2, 3))


def test_a_mean_loses_their_seconds_and_themselves() -> None:
    by = clause(Statistic.MEAN, Direction.AT_MOST)
    assert figures(MIXED, [event(0, 1)], by) == (Fraction(50_800, 4), Fraction(30_800, 3))
    assert figures(MIXED, [event(0, 2)], by) == (Fraction(50_800, 4), Fraction(27_200, 2))


def test_a_clause_of_intervals_loses_the_units_and_an_interval_that_has_none_left() -> None:
    """Half an hour at noon with one in time and one late, two later ones in time, one later one late."""
    by = msgspec.structs.replace(
        clause(Statistic.SHARE_WITHIN, Direction.AT_LEAST),
        rule=Rule(goal=share_goal(9000), attainment=Attainment(1800, 8000)),
    )
    units = [unit(0, "met"), unit(0.25), unit(1, "met"), unit(2, "met"), unit(3)]
    for events, share in (
        ([], Fraction(2, 4)),
        ([event(0.25, 0.5)], Fraction(3, 4)),
        ([event(0, 0.5)], Fraction(2, 3)),
        ([event(0, 4)], None),
    ):
        gone = relieved_units(units, events)
        left = [each for each in units if each not in gone]
        assert attained(by, slots_of(left, LATER)) == share


def test_where_all_are_relieved_there_is_no_data() -> None:
    by = clause(Statistic.SHARE_WITHIN, Direction.AT_LEAST)
    assert figures([unit(0)], [event(0, 2)], by) == (Fraction(0), None)


def test_only_accepted_events_that_excuse_change_a_figure() -> None:
    by = clause(Statistic.SHARE_WITHIN, Direction.AT_LEAST)
    nothing = [
        event(0, 60, State.PROPOSED), event(0, 60, State.CONTESTED), event(0, 60, State.WITHDRAWN),
        event(0, 60, cause=Cause.PROVIDER_FAULT),
    ]  # fmt: skip
    assert figures(MIXED, nothing, by) == (Fraction(2, 5), Fraction(2, 5))


def test_two_events_over_the_same_unit_take_it_out_once_and_each_counts_it() -> None:
    first, second = event(0, 2), event(1, 3)
    assert len(relieved_units(MIXED, [first, second])) == 2
    assert held_units(MIXED, [first, second], LATER) == {first.id: Held(2, 1), second.id: Held(1, 0)}


def test_what_no_clause_judges_is_never_relieved() -> None:
    bare = unit(0, clause=UUID(int=0))
    assert relieved_units([bare], [event(0, 2)]) == []
    assert set(held_units([bare], [event(0, 2)], LATER).values()) == {Held()}


STATES = st.sampled_from(["late", "met", "open", "let_go"])
UNITS = st.lists(st.builds(unit, st.integers(0, 400).map(lambda n: n / 2), STATES), max_size=20)


@given(UNITS, st.lists(st.tuples(st.integers(0, 200), st.integers(1, 40)), max_size=4))
def test_the_adjusted_sums_are_those_of_the_units_that_are_left(
    units: list[Unit], spans: list[tuple[int, int]]
) -> None:
    events = [event(start, start + length) for start, length in spans]
    relieved = relieved_units(units, events)
    left = [each for each in units if each not in relieved]
    excused = count_units(relieved, ZONE, *BOUNDS, LATER)
    kept = [
        cell for cell in without(count_units(units, ZONE, *BOUNDS, LATER), excused) if cell.counts != Counts()
    ]
    assert kept == count_units(left, ZONE, *BOUNDS, LATER)
    assert sum(counts.units for counts in relieved_of(excused).values()) == len(relieved)
