"""Open time, and how it walks from one version of a calendar to the next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portavoce.calendars import hours, timeline
from portavoce.calendars.errors import NeverOpen
from portavoce.calendars.hours import Weekly
from portavoce.calendars.versions import CalendarHours
from tests.calendars.minutes import Walker
from tests.calendars.patterns import (
    BUDGETS,
    CLOSED,
    INSTANTS,
    LENGTHS,
    NIGHTS,
    OFFICE,
    ROME,
    SHOP,
    WEEKS,
    calendar,
    minutes,
    rome,
    timelines,
)
from tests.depth import scaled

LAW = [calendar(OFFICE, days={date(2026, 5, 1): (), date(2026, 6, 2): ()})]
"""The calendar of the clock vectors: Mon-Fri 09-18 in Rome, closed on 1 May and 2 June 2026."""
HOUR = timedelta(hours=1)
FEW = settings(max_examples=scaled(25, deep=2_000))


@pytest.mark.parametrize(
    ("start", "budget", "due"),
    [
        ("2026-04-30T17:20", 120, "2026-05-04T10:20"),  # vector 1: over a holiday and a weekend
        ("2026-05-09T10:00", 60, "2026-05-11T10:00"),  # vector 2: from a Saturday
        ("2026-05-05T17:20", 120, "2026-05-06T10:20"),
        ("2026-05-08T17:59", 2, "2026-05-11T09:01"),  # late on a Friday
        ("2026-06-01T17:59", 2, "2026-06-03T09:01"),  # late on the eve of a holiday
        ("2026-06-02T12:00", 60, "2026-06-03T10:00"),  # within a holiday
        ("2026-05-05T09:00", 539, "2026-05-05T17:59"),
        ("2026-05-05T09:00", 540, "2026-05-06T09:00"),  # closing time belongs to the next opening
        ("2026-05-05T18:00", 0, "2026-05-06T09:00"),
        ("2026-06-01T18:00", 0, "2026-06-03T09:00"),
        ("2026-05-05T12:00", 0, "2026-05-05T12:00"),
        ("2026-05-08T18:00", 30, "2026-05-11T09:30"),
        ("2026-05-08T08:59:59", 30, "2026-05-08T09:30"),
    ],
)
def test_a_due_instant_walks_forward_through_office_hours(start: str, budget: int, due: str) -> None:
    assert timeline.due(LAW, rome(start), minutes(budget)) == rome(due)


def test_round_the_clock_eight_hours_over_the_night_of_25_october_end_at_six() -> None:
    due = timeline.due(timeline.ALWAYS, rome("2026-10-24T23:00"), 8 * HOUR)
    assert due.astimezone(ZoneInfo(ROME)).isoformat() == "2026-10-25T06:00:00+01:00"


def test_the_same_case_in_business_and_in_calendar_minutes() -> None:
    start, end = rome("2026-04-30T17:20"), rome("2026-05-04T10:20")
    assert timeline.elapsed(LAW, start, end) == minutes(120)
    assert timeline.elapsed(timeline.ALWAYS, start, end) == minutes(3 * 1440 + 17 * 60)


def test_a_pause_in_the_middle_moves_what_is_due_by_the_open_time_it_took() -> None:
    start, target = rome("2026-05-05T10:00"), minutes(180)
    paused, resumed = rome("2026-05-05T11:00"), rome("2026-05-06T09:30")
    assert timeline.due(LAW, start, target) == rome("2026-05-05T13:00")
    left = target - timeline.elapsed(LAW, start, paused)
    assert timeline.due(LAW, resumed, left) == rome("2026-05-06T11:30")


def test_an_exception_opens_a_part_of_a_day() -> None:
    eve = [calendar(OFFICE, days={date(2026, 12, 24): ((540, 780),), date(2026, 12, 25): ()})]
    assert timeline.due(eve, rome("2026-12-24T12:00"), minutes(90)) == rome("2026-12-28T09:30")
    sunday = [calendar(OFFICE, days={date(2026, 12, 20): ((600, 720),)})]
    assert timeline.due(sunday, rome("2026-12-18T18:00"), minutes(30)) == rome("2026-12-20T10:30")


def test_the_night_of_march_is_an_hour_short_and_that_of_october_an_hour_long() -> None:
    nights = [calendar(NIGHTS)]
    starts = [rome(f"{day}T22:00") for day in ("2026-03-28", "2026-03-27", "2026-10-24")]
    lengths = [timeline.elapsed(nights, start, start + timedelta(hours=9)) for start in starts]
    assert lengths == [6 * HOUR, 7 * HOUR, 8 * HOUR]


def test_stretches_that_meet_at_midnight_are_one() -> None:
    spans = list(
        timeline.open_intervals([calendar(NIGHTS)], rome("2026-05-05T12:00"), rome("2026-05-06T12:00"))
    )
    assert spans == [(rome("2026-05-05T22:00"), rome("2026-05-06T05:00"))]


def test_several_stretches_a_day_are_cut_at_the_window() -> None:
    spans = list(
        timeline.open_intervals([calendar(SHOP)], rome("2026-05-04T10:00"), rome("2026-05-04T16:00"))
    )
    assert spans == [
        (rome("2026-05-04T10:00"), rome("2026-05-04T13:00")),
        (rome("2026-05-04T15:00"), rome("2026-05-04T16:00")),
    ]


MIDWEEK = rome("2026-05-06T12:00")
SHORTER = calendar(Weekly(dict.fromkeys(range(5), ((480, 840),))), since=MIDWEEK)
"""From Wednesday noon on the day ends at two instead of six, and begins at eight."""
CHANGE = [*LAW, SHORTER]


@pytest.mark.parametrize(
    ("start", "budget", "due"),
    [
        ("2026-05-05T17:00", 60, "2026-05-06T09:00"),  # over before the change, by the old hours
        ("2026-05-06T11:00", 60, "2026-05-06T12:00"),  # ends with it
        ("2026-05-06T11:00", 150, "2026-05-06T13:30"),
        ("2026-05-06T11:00", 180, "2026-05-07T08:00"),  # closed at two already
        ("2026-05-06T13:59", 2, "2026-05-07T08:01"),
    ],
)
def test_a_running_clock_walks_on_in_the_new_hours(start: str, budget: int, due: str) -> None:
    assert timeline.due(CHANGE, rome(start), minutes(budget)) == rome(due)
    assert timeline.elapsed(CHANGE, rome(start), rome(due)) == minutes(budget)


def test_before_the_first_version_nothing_is_open() -> None:
    start = MIDWEEK - timedelta(days=9)
    assert timeline.elapsed([SHORTER], start, MIDWEEK) == timedelta(0)
    assert timeline.due([SHORTER], start, HOUR) == rome("2026-05-06T13:00")
    assert list(timeline.open_intervals([SHORTER], start, rome("2026-05-06T12:30"))) == [
        (MIDWEEK, rome("2026-05-06T12:30"))
    ]


def test_hours_that_meet_where_one_version_follows_another_are_one() -> None:
    versions = [calendar(hours.ALWAYS), calendar(hours.ALWAYS, "America/New_York", since=MIDWEEK)]
    assert list(timeline.open_intervals(versions, MIDWEEK - HOUR, MIDWEEK + HOUR)) == [
        (MIDWEEK - HOUR, MIDWEEK + HOUR)
    ]


def test_known_is_what_was_published_until_then() -> None:
    announced = calendar(since=MIDWEEK, published=MIDWEEK - HOUR)
    quiet = calendar(since=MIDWEEK + timedelta(days=1))
    versions = [*LAW, announced, quiet]
    assert timeline.known_at(versions, MIDWEEK - HOUR - minutes(1)) == tuple(LAW)
    assert timeline.known_at(versions, MIDWEEK - HOUR) == (*LAW, announced)
    assert timeline.known_at(versions, quiet.valid_from) == tuple(versions)
    assert timeline.known_at(versions, datetime(2019, 1, 1, tzinfo=UTC)) == ()


@pytest.mark.parametrize("weekly", [CLOSED, Weekly({0: ()})])
def test_hours_that_never_open_have_no_due_instant_and_no_open_time(weekly: Weekly) -> None:
    start = rome("2026-05-05T12:00")
    assert timeline.elapsed([calendar(weekly)], start, start + timedelta(days=9)) == timedelta(0)
    for versions in ([calendar(weekly)], []):
        with pytest.raises(NeverOpen):
            timeline.due(versions, start, minutes(0))


def test_hours_that_never_open_but_on_one_day_have_that_day() -> None:
    once = [calendar(CLOSED, days={date(2026, 5, 7): ((600, 660),)})]
    assert timeline.due(once, rome("2026-05-05T12:00"), minutes(20)) == rome("2026-05-07T10:20")


def test_always_open_but_on_one_day_is_closed_on_it() -> None:
    versions = [calendar(hours.ALWAYS, days={date(2026, 5, 6): ()})]
    assert timeline.due(versions, rome("2026-05-05T23:00"), 2 * HOUR) == rome("2026-05-07T01:00")


def test_beyond_400_closed_days_there_is_no_due_instant() -> None:
    with pytest.raises(NeverOpen, match="400"):
        timeline.due([calendar(Weekly({0: ((0, 1),)}))], rome("2026-05-05T12:00"), HOUR)
    two_years = timedelta(days=730)
    assert timeline.due(timeline.ALWAYS, MIDWEEK, two_years) == MIDWEEK.astimezone(UTC) + two_years


def test_time_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="before"):
        timeline.elapsed(LAW, rome("2026-05-05T12:00"), rome("2026-05-05T11:00"))
    with pytest.raises(ValueError, match="budget"):
        timeline.due(LAW, rome("2026-05-05T12:00"), minutes(-1))


def test_the_hour_that_comes_twice_is_twice_an_hour_whatever_zone_the_instants_are_written_in() -> None:
    first, second = rome("2026-10-25T02:30"), rome("2026-10-25T02:15", fold=1)
    for versions in (timeline.ALWAYS, [calendar(NIGHTS)]):
        assert timeline.elapsed(versions, first, second) == minutes(45)
    with pytest.raises(ValueError, match="before"):
        timeline.elapsed(LAW, second, first)


def test_versions_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="order"):
        timeline.elapsed(CHANGE[::-1], MIDWEEK, MIDWEEK + HOUR)


@FEW
@given(timelines(WEEKS), INSTANTS, LENGTHS, LENGTHS)
def test_open_time_adds_up(
    versions: list[CalendarHours], a: datetime, first: timedelta, then: timedelta
) -> None:
    b, c = a + first, a + first + then
    parts = timeline.elapsed(versions, a, b) + timeline.elapsed(versions, b, c)
    assert timeline.elapsed(versions, a, c) == parts
    assert timedelta(0) <= parts <= c - a


@FEW
@given(timelines(), INSTANTS, BUDGETS, LENGTHS)
def test_due_is_where_elapsed_reaches_the_budget(
    versions: list[CalendarHours], start: datetime, budget: timedelta, later: timedelta
) -> None:
    """Exactly the budget has passed when it is due, and being in time is having used no more than it."""
    due = timeline.due(versions, start, budget)
    assert timeline.elapsed(versions, start, due) == budget
    answered = start + later
    assert (answered <= due) == (timeline.elapsed(versions, start, answered) <= budget)


@FEW
@given(timelines(WEEKS), INSTANTS, LENGTHS)
def test_open_spans_rise_and_never_touch(
    versions: list[CalendarHours], start: datetime, length: timedelta
) -> None:
    spans = list(timeline.open_intervals(versions, start, start + length))
    bounds = [start, *(bound for span in spans for bound in span), start + length]
    assert bounds == sorted(bounds)
    assert all(opens < closes for opens, closes in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    assert sum((closes - opens for opens, closes in spans), timedelta(0)) == timeline.elapsed(
        versions, start, start + length
    )


@settings(max_examples=scaled(5, deep=300))
@given(timelines(WEEKS), st.data())
def test_walking_the_versions_is_looking_at_every_minute(
    versions: list[CalendarHours], data: st.DataObject
) -> None:
    about = data.draw(st.sampled_from([version.valid_from for version in versions]))
    near = st.timedeltas(timedelta(days=-2), timedelta(days=2)).map(lambda by: about + by)
    a, b = sorted((data.draw(near), data.draw(near)))
    walker = Walker(versions, about - timedelta(days=2), about + timedelta(days=2))
    used = timeline.elapsed(versions, a, b)
    assert used == walker.elapsed(a, b)
    expected = walker.due(a, used)
    if expected is not None:
        assert timeline.due(versions, a, used) == expected


@FEW
@given(timelines(), INSTANTS, BUDGETS, LENGTHS)
def test_what_is_published_later_decides_nothing_anew(
    versions: list[CalendarHours], start: datetime, budget: timedelta, after: timedelta
) -> None:
    """A clock stands the same at an instant, by what was known then and by all that came later."""
    known = timeline.known_at(versions, start + after)
    late = timeline.elapsed(versions, start, start + after) > budget
    assert (timeline.elapsed(known, start, start + after) > budget) == late
