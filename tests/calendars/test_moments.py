"""A moment as people write it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portavoce.calendars.errors import NoSuchMoment
from portavoce.calendars.moments import end_of_day, moment

ROME = "Europe/Rome"


@pytest.mark.parametrize(
    ("text", "hour"), [("2026-11-27T10:30", 9), ("2026-07-01T10:30", 8), ("2026-10-25T02:30", 0)]
)
def test_it_is_read_on_the_clock_of_the_place_and_of_an_hour_that_comes_twice_the_first(
    text: str, hour: int
) -> None:
    at = moment(text, ROME)
    assert (at.tzinfo, at.hour, at.minute) == (UTC, hour, 30)


@pytest.mark.parametrize(
    "text", ["", "domani", "2026-13-01T10:30", "2026-11-27T10:30+01:00", "2026-03-29T02:30"]
)
def test_no_moment_and_one_that_the_clocks_leap_over_are_refused(text: str) -> None:
    with pytest.raises(NoSuchMoment):
        moment(text, ROME)


def test_the_same_words_are_another_moment_elsewhere() -> None:
    assert moment("2026-11-27T10:30", "Europe/London") == datetime(2026, 11, 27, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "days", "due"),
    [
        ("2026-03-27T22:59:00+00:00", 1, "2026-03-28T22:59:59+00:00"),
        ("2026-03-27T23:01:00+00:00", 1, "2026-03-29T21:59:59+00:00"),  # the clocks go forward on the 29th
        ("2026-10-24T10:00:00+00:00", 1, "2026-10-25T22:59:59+00:00"),  # and back on the 25th
        ("2026-06-01T10:00:00+00:00", 0, "2026-06-01T21:59:59+00:00"),
    ],
)
def test_a_day_ends_with_its_last_second_on_the_clock_of_the_place(at: str, days: int, due: str) -> None:
    assert end_of_day(datetime.fromisoformat(at), "Europe/Rome", days) == datetime.fromisoformat(due)
