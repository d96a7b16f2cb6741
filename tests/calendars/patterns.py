"""Weeks, zones and calendars that tests and hypothesis choose from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from portavoce.calendars.hours import ALWAYS, MINUTES_A_DAY, Stretches, Weekly
from portavoce.calendars.versions import CalendarHours

ROME = "Europe/Rome"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
OFFICE = Weekly(dict.fromkeys(range(5), ((540, 1080),)))
SHOP = Weekly({0: ((540, 780), (900, 1140)), 5: ((0, 1440),), 6: ((0, 90), (1380, 1440))})
NIGHTS = Weekly(dict.fromkeys(range(7), ((0, 300), (1320, 1440))))
CLOSED = Weekly({})


def rome(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ROME), fold=fold)


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def calendar(
    weekly: Weekly = OFFICE,
    zone: str = ROME,
    days: Mapping[date, Stretches] | None = None,
    *,
    since: datetime = LONG_AGO,
    published: datetime | None = None,
) -> CalendarHours:
    """One version, in force for long unless told otherwise."""
    return CalendarHours(since, zone, weekly, days or {}, published)


@st.composite
def stretches(draw: st.DrawFn) -> Stretches:
    bounds = sorted(draw(st.lists(st.integers(0, MINUTES_A_DAY), max_size=6, unique=True)))
    ordered = bounds[: len(bounds) // 2 * 2]
    return tuple(zip(ordered[::2], ordered[1::2], strict=True))


WEEKS = st.dictionaries(st.integers(0, 6), stretches(), min_size=1).map(Weekly)
KNOWN = st.sampled_from([OFFICE, SHOP, NIGHTS, ALWAYS])
ZONES = st.sampled_from(
    [ROME, "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=364)).map(lambda since: NEW_YEAR + since)
LENGTHS = st.timedeltas(timedelta(0), timedelta(days=20))
BUDGETS = st.timedeltas(timedelta(0), timedelta(hours=30))
EXCEPTIONS = st.dictionaries(
    st.integers(0, 380).map(lambda n: NEW_YEAR.date() + timedelta(days=n)), stretches(), max_size=40
)


@st.composite
def timelines(draw: st.DrawFn, weeks: st.SearchStrategy[Weekly] = KNOWN) -> list[CalendarHours]:
    """Up to four versions that come into force in the year, each in its own zone with its own days."""
    starts = draw(st.lists(st.integers(0, 370 * MINUTES_A_DAY), min_size=1, max_size=4, unique=True))
    return [
        CalendarHours(NEW_YEAR + minutes(start), draw(ZONES), draw(weeks), draw(EXCEPTIONS))
        for start in sorted(starts)
    ]
