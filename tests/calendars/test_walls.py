"""Wall-clock stretches as instants, above all in the nights when the clocks change."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from portavoce.calendars.hours import Stretches
from portavoce.calendars.walls import spans
from tests.calendars.patterns import ROME, rome


def on(day: str, stretch: tuple[int, int], zone: str = ROME) -> list[tuple[str, str]]:
    """The spans in UTC of one stretch of one day, and of no other day."""
    wanted, start = date.fromisoformat(day), datetime.fromisoformat(f"{day}T00:00+00:00")

    def hours_of(each: date) -> Stretches:
        return (stretch,) if each == wanted else ()

    found = spans(hours_of, zone, start - timedelta(days=1), start + timedelta(days=2))
    return [(f"{opens:%Y-%m-%dT%H:%M}", f"{closes:%Y-%m-%dT%H:%M}") for opens, closes in found]


@pytest.mark.parametrize(
    ("stretch", "day", "utc"),
    [
        # 29 March 2026: 02:00 to 03:00 does not exist; the change is at 01:00 UTC.
        ((0, 1440), "2026-03-29", ("2026-03-28T23:00", "2026-03-29T22:00")),
        ((60, 180), "2026-03-29", ("2026-03-29T00:00", "2026-03-29T01:00")),
        ((60, 150), "2026-03-29", ("2026-03-29T00:00", "2026-03-29T01:00")),
        ((150, 240), "2026-03-29", ("2026-03-29T01:00", "2026-03-29T02:00")),
        ((120, 180), "2026-03-29", None),
        ((130, 170), "2026-03-29", None),
        # 25 October 2026: 02:00 to 03:00 occurs twice, first at 00:00 and again at 01:00 UTC.
        ((0, 1440), "2026-10-25", ("2026-10-24T22:00", "2026-10-25T23:00")),
        ((120, 180), "2026-10-25", ("2026-10-25T00:00", "2026-10-25T02:00")),
        ((60, 150), "2026-10-25", ("2026-10-24T23:00", "2026-10-25T00:30")),
        ((150, 240), "2026-10-25", ("2026-10-25T00:30", "2026-10-25T03:00")),
    ],
)
def test_the_nights_of_the_clock_changes_in_rome(
    stretch: tuple[int, int], day: str, utc: tuple[str, str] | None
) -> None:
    assert on(day, stretch) == ([utc] if utc else [])


@pytest.mark.parametrize(
    ("zone", "day", "stretch", "utc"),
    [
        ("America/New_York", "2026-03-08", (60, 240), ("2026-03-08T06:00", "2026-03-08T08:00")),
        ("America/New_York", "2026-11-01", (60, 120), ("2026-11-01T05:00", "2026-11-01T07:00")),
        # Half an hour: at 02:00 of 5 April to 01:30, at 02:00 of 4 October to 02:30.
        ("Australia/Lord_Howe", "2026-04-05", (0, 180), ("2026-04-04T13:00", "2026-04-04T16:30")),
        ("Australia/Lord_Howe", "2026-10-04", (0, 180), ("2026-10-03T13:30", "2026-10-03T16:00")),
        ("Asia/Kolkata", "2026-03-29", (0, 1440), ("2026-03-28T18:30", "2026-03-29T18:30")),
        # 4 November 2018 has no midnight; 16 February 2019 has 23 o'clock twice.
        ("America/Sao_Paulo", "2018-11-04", (0, 120), ("2018-11-04T03:00", "2018-11-04T04:00")),
        ("America/Sao_Paulo", "2018-11-04", (0, 60), None),
        ("America/Sao_Paulo", "2019-02-16", (1320, 1440), ("2019-02-17T00:00", "2019-02-17T03:00")),
        # Winter time is what Casablanca has for Ramadan only.
        ("Africa/Casablanca", "2026-02-15", (120, 240), ("2026-02-15T01:00", "2026-02-15T04:00")),
        ("Africa/Casablanca", "2026-03-22", (60, 240), ("2026-03-22T01:00", "2026-03-22T03:00")),
    ],
)
def test_the_nights_of_the_clock_changes_elsewhere(
    zone: str, day: str, stretch: tuple[int, int], utc: tuple[str, str] | None
) -> None:
    assert on(day, stretch, zone) == ([utc] if utc else [])


def test_spans_are_cut_at_the_window_and_never_empty() -> None:
    def hours_of(_: date) -> Stretches:
        return ((540, 780), (900, 1140))

    found = list(spans(hours_of, ROME, rome("2026-05-04T10:00"), rome("2026-05-04T15:00")))
    assert found == [(rome("2026-05-04T10:00"), rome("2026-05-04T13:00"))]
