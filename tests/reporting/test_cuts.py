from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.reporting.cuts import WHOLE, Cut
from portavoce.reporting.months import Month, day_of

MARCH = Month(2026, 3)
ROME = "Europe/Rome"
CUTS = st.builds(
    Cut,
    week=st.none() | st.sampled_from(MARCH.weeks()),
    weekday=st.none() | st.integers(0, 6),
    day=st.none() | st.sampled_from(MARCH.days()),
)


def test_the_whole_month_is_one_stretch() -> None:
    assert WHOLE.stretches(MARCH, ROME) == [MARCH.bounds(ROME)]


@pytest.mark.parametrize(
    ("cut", "days"),
    [
        (Cut(week=date(2026, 3, 1)), [1]),
        (Cut(week=date(2026, 3, 30)), [30, 31]),
        (Cut(weekday=0), [2, 9, 16, 23, 30]),
        (Cut(day=date(2026, 3, 29)), [29]),
        (Cut(week=date(2026, 3, 2), weekday=6), [8]),
        (Cut(week=date(2026, 3, 3)), []),
        (Cut(week=date(2026, 3, 2), day=date(2026, 3, 9)), []),
    ],
)
def test_a_cut_holds_its_days(cut: Cut, days: list[int]) -> None:
    assert [day.day for day in MARCH.days() if cut.holds(day)] == days


@given(CUTS, st.integers(0, 31 * 24 * 4 - 1))
def test_an_instant_lies_in_its_stretches_exactly_when_its_day_belongs_to_it(cut: Cut, quarter: int) -> None:
    start, end = MARCH.bounds(ROME)
    at = start + quarter * timedelta(minutes=15)
    inside = any(first <= at < past for first, past in cut.stretches(MARCH, ROME))
    assert inside is (at < end and cut.holds(day_of(at, ROME)))


def test_a_quarter_of_an_hour_is_itself() -> None:
    begins = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert Cut(quarter=begins).stretches(MARCH, ROME) == [(begins, begins + timedelta(minutes=15))]
