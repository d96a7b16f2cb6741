from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.calendars import hours
from portavoce.calendars.errors import NeverOpen
from portavoce.calendars.hours import ALWAYS, MINUTES_A_DAY, Weekly

ROME = "Europe/Rome"
OFFICE = Weekly(dict.fromkeys(range(5), ((540, 1080),)))
SHOP = Weekly({0: ((540, 780), (900, 1140)), 5: ((0, 1440),), 6: ((0, 90), (1380, 1440))})
NIGHTS = Weekly(dict.fromkeys(range(7), ((0, 300), (1320, 1440))))
CLOSED = Weekly({})


def rome(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ROME), fold=fold)


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


@st.composite
def patterns(draw: st.DrawFn) -> Weekly:
    days = {}
    for weekday in draw(st.sets(st.integers(0, 6), min_size=1)):
        bounds = draw(st.lists(st.integers(0, MINUTES_A_DAY), min_size=2, max_size=6, unique=True))
        ordered = sorted(bounds)[: len(bounds) // 2 * 2]
        days[weekday] = tuple(zip(ordered[::2], ordered[1::2], strict=True))
    return Weekly(days)


ZONES = st.sampled_from(
    [ROME, "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
)
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=364)).map(
    lambda since: datetime(2026, 1, 1, tzinfo=UTC) + since
)
LENGTHS = st.timedeltas(timedelta(0), timedelta(days=20))
BUDGETS = st.timedeltas(timedelta(0), timedelta(hours=30))
KNOWN = st.sampled_from([OFFICE, SHOP, NIGHTS, ALWAYS])


@pytest.mark.parametrize(
    ("start", "budget", "due"),
    [
        ("2026-05-05T17:20", 120, "2026-05-06T10:20"),
        ("2026-05-09T10:00", 60, "2026-05-11T10:00"),
        ("2026-05-08T17:59", 2, "2026-05-11T09:01"),
        ("2026-05-05T09:00", 539, "2026-05-05T17:59"),
        ("2026-05-05T09:00", 540, "2026-05-06T09:00"),
        ("2026-05-05T18:00", 0, "2026-05-06T09:00"),
        ("2026-05-05T12:00", 0, "2026-05-05T12:00"),
        ("2026-05-08T18:00", 30, "2026-05-11T09:30"),
        ("2026-05-08T08:59:59", 30, "2026-05-08T09:30"),
    ],
)
def test_a_due_instant_walks_forward_through_office_hours(start: str, budget: int, due: str) -> None:
    assert hours.due(OFFICE, ROME, rome(start), minutes(budget)) == rome(due)


def test_round_the_clock_eight_hours_over_the_night_of_25_october_end_at_six() -> None:
    due = hours.due(ALWAYS, ROME, rome("2026-10-24T23:00"), timedelta(hours=8))
    assert due.astimezone(ZoneInfo(ROME)).isoformat() == "2026-10-25T06:00:00+01:00"


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
    sunday = Weekly({6: (stretch,)})
    start = rome(f"{day}T00:00")
    spans = list(hours.open_intervals(sunday, ROME, start, start + timedelta(hours=26)))
    assert spans == ([tuple(datetime.fromisoformat(f"{at}+00:00") for at in utc)] if utc else [])


def test_the_night_of_march_is_an_hour_short_and_that_of_october_an_hour_long() -> None:
    lengths = [
        hours.elapsed(NIGHTS, ROME, rome(f"{day}T22:00"), rome(f"{day}T22:00") + timedelta(hours=9))
        for day in ("2026-03-28", "2026-03-27", "2026-10-24")
    ]
    assert lengths == [timedelta(hours=6), timedelta(hours=7), timedelta(hours=8)]


def test_stretches_that_meet_at_midnight_are_one() -> None:
    spans = list(hours.open_intervals(NIGHTS, ROME, rome("2026-05-05T12:00"), rome("2026-05-06T12:00")))
    assert spans == [(rome("2026-05-05T22:00"), rome("2026-05-06T05:00"))]


def test_several_stretches_a_day_are_cut_at_the_window() -> None:
    spans = list(hours.open_intervals(SHOP, ROME, rome("2026-05-04T10:00"), rome("2026-05-04T16:00")))
    assert spans == [
        (rome("2026-05-04T10:00"), rome("2026-05-04T13:00")),
        (rome("2026-05-04T15:00"), rome("2026-05-04T16:00")),
    ]


@given(patterns() | KNOWN, ZONES, INSTANTS, LENGTHS, LENGTHS)
def test_open_time_adds_up(weekly: Weekly, zone: str, a: datetime, first: timedelta, then: timedelta) -> None:
    b, c = a + first, a + first + then
    parts = hours.elapsed(weekly, zone, a, b) + hours.elapsed(weekly, zone, b, c)
    assert hours.elapsed(weekly, zone, a, c) == parts
    assert timedelta(0) <= parts <= c - a


@given(KNOWN, ZONES, INSTANTS, BUDGETS)
def test_exactly_the_budget_has_passed_when_it_is_due(
    weekly: Weekly, zone: str, start: datetime, budget: timedelta
) -> None:
    assert hours.elapsed(weekly, zone, start, hours.due(weekly, zone, start, budget)) == budget


@given(KNOWN, ZONES, INSTANTS, BUDGETS, LENGTHS)
def test_being_in_time_is_the_same_as_having_used_no_more_than_the_budget(
    weekly: Weekly, zone: str, start: datetime, budget: timedelta, later: timedelta
) -> None:
    answered = start + later
    in_time = answered <= hours.due(weekly, zone, start, budget)
    assert in_time == (hours.elapsed(weekly, zone, start, answered) <= budget)


@given(patterns(), ZONES, INSTANTS, LENGTHS)
def test_open_spans_rise_and_never_touch(
    weekly: Weekly, zone: str, start: datetime, length: timedelta
) -> None:
    spans = list(hours.open_intervals(weekly, zone, start, start + length))
    bounds = [start, *(bound for span in spans for bound in span), start + length]
    assert bounds == sorted(bounds)
    assert all(opens < closes for opens, closes in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))


@given(INSTANTS, LENGTHS)
def test_a_week_written_out_in_full_is_always_open(start: datetime, length: timedelta) -> None:
    halves = Weekly(dict.fromkeys(range(7), ((0, 700), (700, 1440))))
    assert halves.always_open
    assert hours.elapsed(halves, ROME, start, start + length) == length
    assert list(hours.open_intervals(halves, ROME, start, start + minutes(1))) == [
        (start, start + minutes(1))
    ]


@pytest.mark.parametrize("weekly", [CLOSED, Weekly({0: ()})])
def test_hours_that_never_open_have_no_due_instant_and_no_open_time(weekly: Weekly) -> None:
    start = rome("2026-05-05T12:00")
    assert hours.elapsed(weekly, ROME, start, start + timedelta(days=9)) == timedelta(0)
    with pytest.raises(NeverOpen):
        hours.due(weekly, ROME, start, minutes(0))


def test_a_budget_beyond_400_days_has_no_due_instant() -> None:
    with pytest.raises(NeverOpen, match="400 days"):
        hours.due(Weekly({0: ((0, 1),)}), ROME, rome("2026-05-05T12:00"), timedelta(hours=1))


def test_time_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="before"):
        hours.elapsed(OFFICE, ROME, rome("2026-05-05T12:00"), rome("2026-05-05T11:00"))
    with pytest.raises(ValueError, match="budget"):
        hours.due(OFFICE, ROME, rome("2026-05-05T12:00"), minutes(-1))


@given(patterns())
def test_a_pattern_survives_its_json(weekly: Weekly) -> None:
    assert hours.read(hours.write(weekly)) == weekly


def test_equal_patterns_have_equal_json() -> None:
    forward, backward = Weekly({0: ((1, 2),), 3: ()}), Weekly({3: (), 0: ((1, 2),)})
    assert hours.write(forward) == hours.write(backward) == '{"days":{"0":[[1,2]],"3":[]}}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"days":{"7":[[0,1]]}}',
        '{"days":{"0":[[5,5]]}}',
        '{"days":{"0":[[9,5]]}}',
        '{"days":{"0":[[0,1441]]}}',
        '{"days":{"0":[[-1,5]]}}',
        '{"days":{"0":[[0,10],[5,20]]}}',
        '{"days":{"0":[[10,20],[0,5]]}}',
        '{"days":{"0":[[0.5,2]]}}',
    ],
)
def test_a_pattern_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(msgspec.ValidationError if text else msgspec.DecodeError):
        hours.read(text)
