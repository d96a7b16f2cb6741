from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.calendars.errors import NeverOpen
from portavoce.calendars.hours import Weekly
from portavoce.calendars.versions import CalendarHours
from portavoce.sla.clocks.running import Stretch, run, within, without
from tests.sla.clocks.stories import HOUR, LONG_AGO, MINUTE, OFFICE, at

NINE, TEN, NOON, THREE, FIVE = (at(4, hour) for hour in (9, 10, 12, 15, 17))


@pytest.mark.parametrize(
    ("stops", "left"),
    [
        ([], [(TEN, FIVE)]),
        ([(NINE, TEN)], [(TEN, FIVE)]),
        ([(NINE, NOON)], [(NOON, FIVE)]),
        ([(NOON, THREE)], [(TEN, NOON), (THREE, FIVE)]),
        ([(THREE, None)], [(TEN, THREE)]),
        ([(NINE, None)], []),
        ([(FIVE, None)], [(TEN, FIVE)]),
        ([(NOON, at(4, 18))], [(TEN, NOON)]),
    ],
)
def test_stops_are_taken_out_of_a_stretch(stops: list[Stretch], left: list[Stretch]) -> None:
    assert list(without(TEN, FIVE, stops)) == left


def test_what_still_goes_on_stays_open() -> None:
    assert list(without(TEN, None, [(NOON, THREE)])) == [(TEN, NOON), (THREE, None)]
    assert list(within([(TEN, NOON), (THREE, None)], [(NINE, FIVE)])) == [(TEN, NOON), (THREE, FIVE)]
    assert list(within([(TEN, None)], [(NOON, None)])) == [(NOON, None)]
    assert list(within([(TEN, NOON)], [(NOON, None)])) == []


def test_open_time_of_all_stretches_is_used_and_the_due_instant_lies_in_one_of_them() -> None:
    found = run(OFFICE, [(TEN, NOON), (THREE, None)], 3 * HOUR, FIVE)
    assert (found.used, found.due_at) == (4 * HOUR, at(4, 16))
    assert run(OFFICE, [(TEN, NOON)], 3 * HOUR, FIVE) == (2 * HOUR, None)


def test_hours_that_never_open_are_never_due() -> None:
    with pytest.raises(NeverOpen):
        run((CalendarHours(LONG_AGO, "Europe/Rome", Weekly({})),), [(TEN, None)], HOUR, NOON)


@given(st.lists(st.integers(0, 3000), min_size=2, max_size=8, unique=True), st.integers(1, 600))
def test_cutting_a_stretch_where_nothing_stops_it_changes_nothing(cuts: list[int], budget: int) -> None:
    points = [at(4, 0) + minute * MINUTE for minute in sorted(cuts)]
    pieces: list[Stretch] = [*pairwise(points), (points[-1], None)]
    whole: list[Stretch] = [(points[0], None)]
    end = points[-1] + timedelta(days=1)
    assert run(OFFICE, pieces, budget * MINUTE, end) == run(OFFICE, whole, budget * MINUTE, end)
