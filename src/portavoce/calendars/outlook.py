"""The weeks ahead of a calendar, day by day, as somebody looks at them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portavoce.calendars import timeline
from portavoce.calendars.documents import Document
from portavoce.calendars.hours import MINUTES_A_DAY, Stretches
from portavoce.calendars.versions import CalendarHours, valid_at
from portavoce.calendars.walls import instant

DAYS_A_WEEK = 7


class Named(NamedTuple):
    """A day that differs, and what it is called: a holiday with its English name, or an exception with its reason."""

    day: date
    stretches: Stretches
    name: str
    english: str
    exceptional: bool


class Day(NamedTuple):
    """What is open of a day by the clock of the place, versions that begin in it included."""

    day: date
    stretches: Stretches
    named: Named | None


def weeks(
    versions: Sequence[CalendarHours], documents: Sequence[Document], at: datetime, count: int
) -> list[list[Day]]:
    """From the Monday of the week of `at` on; documents go with the versions, one each."""
    in_force = valid_at(versions, at) or versions[0]
    today = at.astimezone(ZoneInfo(in_force.zone)).date()
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(days=n) for n in range(DAYS_A_WEEK * count)]
    found = [_day(versions, documents, day, in_force) for day in days]
    return [found[n : n + DAYS_A_WEEK] for n in range(0, len(found), DAYS_A_WEEK)]


def named_days(document: Document, first: date, past: date) -> list[Named]:
    """Every day from `first` on and before `past` that has a name, in order."""
    exceptional = {each.day: each for each in document.exceptions}
    found = [
        Named(each.day, (), each.name, each.english or each.name, exceptional=False)
        for each in document.closed
        if each.day not in exceptional
    ]
    found += [
        Named(each.day, each.stretches, each.reason, each.reason, exceptional=True)
        for each in exceptional.values()
    ]
    return sorted(each for each in found if first <= each.day < past)


def _day(
    versions: Sequence[CalendarHours], documents: Sequence[Document], day: date, fallback: CalendarHours
) -> Day:
    version = valid_at(versions, instant(day, MINUTES_A_DAY - 1, ZoneInfo(fallback.zone))) or fallback
    zone = ZoneInfo(version.zone)
    begin, end = instant(day, 0, zone), instant(day, MINUTES_A_DAY, zone)
    spans = timeline.open_intervals(versions, begin, end)
    stretches = tuple((_minute(opens, day, zone), _minute(closes, day, zone)) for opens, closes in spans)
    named = named_days(documents[list(versions).index(version)], day, day + timedelta(days=1))
    return Day(day, stretches, named[0] if named else None)


def _minute(at: datetime, day: date, zone: ZoneInfo) -> int:
    local = at.astimezone(zone)
    return MINUTES_A_DAY if local.date() > day else local.hour * 60 + local.minute
