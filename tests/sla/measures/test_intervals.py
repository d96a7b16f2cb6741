from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.sla.measures.intervals import (
    IntervalBasis,
    by_interval,
    interval_attainment,
    interval_of,
    relieved,
)
from portavoce.sla.measures.queueing import End, Segment, Tally, tally
from portavoce.sla.measures.ratios import Ratio
from portavoce.sla.measures.waits import waits
from tests.sla.measures.queues import EVENING, NINE, SEGMENTS, call

HALF_HOUR = timedelta(minutes=30)
ENTER, TERMINAL = IntervalBasis.QUEUE_ENTER, IntervalBasis.TERMINAL


@pytest.mark.parametrize(
    ("minute", "second", "minutes", "begins"),
    [(29, 59, 30, 0), (30, 0, 30, 30), (44, 59, 15, 30), (45, 0, 15, 45), (59, 59, 60, 0)],
)
def test_the_end_of_an_interval_belongs_to_the_next(
    minute: int, second: int, minutes: int, begins: int
) -> None:
    at = datetime(2026, 10, 25, 1, minute, second, tzinfo=UTC)
    assert interval_of(at, minutes) == datetime(2026, 10, 25, 1, begins, tzinfo=UTC)


def test_a_wait_over_the_edge_belongs_to_its_entry_or_to_its_end_as_agreed() -> None:
    over = call(20, End.ANSWERED, entered_s=1790)
    counted = Tally(answered=waits([20]))
    assert by_interval([over], EVENING, basis=ENTER) == {NINE: counted}
    assert by_interval([over], EVENING, basis=TERMINAL) == {NINE + HALF_HOUR: counted}


def test_what_still_waits_is_counted_where_it_entered() -> None:
    waiting = [Segment(NINE), call(7_200, End.ANSWERED)]
    assert by_interval(waiting, NINE + HALF_HOUR, basis=TERMINAL) == {NINE: Tally(waiting=2)}


def test_attainment_is_a_share_of_the_intervals_with_data() -> None:
    assert interval_attainment([True, None, False, True, None]) == Ratio(2, 3)
    assert interval_attainment([None]).value is None


@pytest.mark.parametrize(
    ("first_min", "past_min", "left_out"),
    [(0, 30, [0]), (29, 31, [0, 1]), (30, 60, [1]), (31, 32, [1]), (60, 90, []), (-30, 0, []), (5, 5, [])],
)
def test_an_interval_that_a_relief_touches_is_left_out_whole(
    first_min: int, past_min: int, left_out: list[int]
) -> None:
    intervals = {NINE + n * HALF_HOUR: Tally(waiting=n + 1) for n in range(2)}
    span = NINE + timedelta(minutes=first_min), NINE + timedelta(minutes=past_min)
    kept = {NINE + n * HALF_HOUR: Tally(waiting=n + 1) for n in range(2) if n not in left_out}
    assert relieved(intervals, [span]) == kept


@given(SEGMENTS, st.sampled_from(IntervalBasis), st.sampled_from([15, 30, 60]))
def test_the_intervals_add_up_to_the_day(segments: list[Segment], basis: IntervalBasis, minutes: int) -> None:
    found = by_interval(segments, EVENING, minutes=minutes, basis=basis)
    assert sum(found.values(), Tally()) == tally(segments, EVENING)
    assert list(found) == sorted(found)
