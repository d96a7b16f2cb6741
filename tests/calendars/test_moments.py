"""A moment as people write it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portavoce.calendars.errors import NoSuchMoment
from portavoce.calendars.moments import moment

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
