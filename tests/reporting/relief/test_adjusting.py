"""Figures with and without relieved units, for each statistic, counted by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from portavoce.reporting.counts import Counts, count_units
from portavoce.reporting.figures import value_of
from portavoce.reporting.observing.units import Unit
from portavoce.reporting.relief.adjusting import (
    relieved_cells,
    relieved_of,
    relieved_units,
    touched_counts,
    without,
)
from portavoce.sla.goals import Direction, Goal, Statistic
from portavoce.sla.metrics import Metric
from portavoce.sla.relief.causes import Cause
from portavoce.sla.relief.told import Event, State
from portavoce.sla.relief.windows import Window
from portavoce.sla.rules import Clause, Rule
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
    excused = relieved_cells(relieved_units(units, events, LATER), ZONE, BOUNDS, LATER)
    both = (cells, without(cells, excused))
    return tuple(value_of(by, sum((cell.counts for cell in each), Counts())) for each in both)  # type: ignore[return-value]  # -- two


MIXED = [unit(0), unit(1, "met", 3_600), unit(30), unit(31, "met", 7_200), unit(50, "open")]
"""Two late ones, one open past due and two in time."""


def test_a_share_loses_the_relieved_ones_in_both_parts() -> None:
    by = clause(Statistic.SHARE_WITHIN, Direction.AT_LEAST)
    assert figures(MIXED, [event(0, 2)], by) == (Fraction(2, 5), Fraction(2, 4))
    assert figures(MIXED, [event(0, 2), event(51, 52)], by) == (Fraction(2, 5), Fraction(2, 3))
    assert figures(MIXED, [event(0, 60)], by) == (Fraction(2, 5), Fraction(2, 2))


def test_a_share_of_late_ones_loses_them_above_and_below() -> None:
    by = clause(Statistic.SHARE_WITHIN, Direction.AT_MOST)
    assert figures(MIXED, [event(0, 2)], by) == (Fraction(3, 5), Fraction(2, 4))


def test_a_mean_loses_their_seconds_and_themselves() -> None:
    by = clause(Statistic.MEAN, Direction.AT_MOST)
    assert figures(MIXED, [event(0, 2)], by) == (Fraction(50_800, 4), Fraction(30_800, 3))


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


def test_two_events_over_the_same_unit_relieve_it_once_and_each_counts_it() -> None:
    first, second = event(0, 2), event(1, 3)
    assert len(relieved_units(MIXED, [first, second], LATER)) == 1
    assert touched_counts(MIXED, [first, second], LATER) == {first.id: 1, second.id: 1}


def test_what_no_clause_judges_is_never_relieved() -> None:
    bare = unit(0, clause=UUID(int=0))
    assert relieved_units([bare], [event(0, 2)], LATER) == []
    assert set(touched_counts([bare], [event(0, 2)], LATER).values()) == {0}


STATES = st.sampled_from(["late", "met", "open", "let_go"])
UNITS = st.lists(st.builds(unit, st.integers(0, 400).map(lambda n: n / 2), STATES), max_size=20)


@given(UNITS, st.lists(st.tuples(st.integers(0, 200), st.integers(1, 40)), max_size=4))
def test_the_adjusted_sums_are_those_of_the_units_that_are_left(
    units: list[Unit], spans: list[tuple[int, int]]
) -> None:
    events = [event(start, start + length) for start, length in spans]
    relieved = relieved_units(units, events, LATER)
    left = [each for each in units if each not in relieved]
    excused = relieved_cells(relieved, ZONE, BOUNDS, LATER)
    kept = [
        cell for cell in without(count_units(units, ZONE, *BOUNDS, LATER), excused) if cell.counts != Counts()
    ]
    assert kept == count_units(left, ZONE, *BOUNDS, LATER)
    assert sum(counts.units for counts in relieved_of(excused).values()) == len(relieved)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_unit_is_taken_from_the_day_of_the_brands_zone_on_which_it_was_counted() -> None:
    """23:30 UTC on the 4th is half past midnight on the 5th in Rome."""
    late = unit((instant("2026-03-04T23:30:00+00:00") - NOON) / HOUR)
    (cell,) = relieved_cells([late], ZONE, BOUNDS, LATER)
    assert (cell.day.day, cell.counts.late) == (5, 1)
