from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.calendars.turns import Turn
from portavoce.reporting.mailing.periods import Period, period_of, read_period
from tests.database import NOON


@pytest.mark.parametrize(
    ("text", "kind", "first", "last", "month"),
    [
        ("2026-03", "monthly", "2026-03-01", "2026-03-31", "2026-03"),
        ("2026-W10", "weekly", "2026-03-02", "2026-03-08", "2026-03"),
        ("2026-W14", "weekly", "2026-03-30", "2026-04-05", "2026-04"),
        ("2026-W53", "weekly", "2026-12-28", "2027-01-03", "2027-01"),
        ("2026-03-02", "daily", "2026-03-02", "2026-03-02", "2026-03"),
    ],
)
def test_a_period_is_written_and_read(text: str, kind: str, first: str, last: str, month: str) -> None:
    period = read_period(text)
    assert period is not None
    assert (period.kind, str(period.first), str(period.last)) == (kind, first, last)
    assert (str(period), str(period.month)) == (text, month)


@pytest.mark.parametrize(
    "text",
    ["", "x", "2026", "2026-13", "2026-W00", "2025-W53", "2026-W54", "2026-02-30", "20260302", "٢٠٢٦-03"],
)
def test_what_is_no_period_is_none(text: str) -> None:
    assert read_period(text) is None


@given(st.dates(date(2001, 1, 1), date(2100, 1, 1)))
def test_every_week_reads_back_as_itself(day: date) -> None:
    monday = date.fromordinal(day.toordinal() - day.weekday())
    week = period_of("weekly", Turn(NOON, monday, date.fromordinal(monday.toordinal() + 6)))
    assert read_period(str(week)) == week
    assert read_period(str(day)) == Period("daily", day, day)
