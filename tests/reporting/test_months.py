from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.reporting.months import Month, month_of, read_month, week_of

ROME = "Europe/Rome"
INSTANTS = st.datetimes(datetime(2001, 1, 1), datetime(2900, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds are naive by contract
MONTHS = st.builds(Month, st.integers(2001, 2899), st.integers(1, 12))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-13",
        "2026-00",
        "2026-1",
        "26-10",
        "2026-10-01",
        "1999-12",
        "2026-1０",
        "2026-10\n",
        "x",
    ],
)
def test_what_is_no_month_is_none(text: str) -> None:
    assert read_month(text) is None


@given(MONTHS)
def test_a_month_is_read_as_it_is_written(month: Month) -> None:
    assert read_month(str(month)) == month


@given(MONTHS)
def test_months_follow_one_another_without_gap(month: Month) -> None:
    assert month.next.previous == month.previous.next == month
    assert month.previous < month < month.next
    assert month.bounds(ROME)[1] == month.next.bounds(ROME)[0]


@given(INSTANTS)
def test_an_instant_lies_within_its_month_and_week(instant: datetime) -> None:
    month = month_of(instant, ROME)
    start, end = month.bounds(ROME)
    assert start <= instant < end
    assert week_of(instant, ROME) in month.weeks()


@given(MONTHS)
def test_the_weeks_of_a_month_cover_its_days_once(month: Month) -> None:
    weeks, days = month.weeks(), month.days()
    assert weeks[0] == month.first == days[0]
    assert all(week.weekday() == 0 for week in weeks[1:])
    assert 4 <= len(weeks) <= 6
    assert days[-1] - weeks[-1] < timedelta(days=7)


def test_a_month_begins_at_midnight_of_the_brand_on_both_sides_of_a_change_of_clocks() -> None:
    march = Month(2026, 3)
    assert march.bounds(ROME) == (
        datetime(2026, 2, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 31, 22, tzinfo=UTC),
    )
    assert march.weeks() == [date(2026, 3, day) for day in (1, 2, 9, 16, 23, 30)]
