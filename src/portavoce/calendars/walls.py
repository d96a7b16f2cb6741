"""What the clock on a wall shows, turned into instants: stretches of days in a zone become spans in UTC.

A wall time that a change of clocks skips stands for the moment of the change; one that occurs twice stands for its
first occurrence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portavoce.calendars.hours import Stretches

Span = tuple[datetime, datetime]
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def spans(hours_of: Callable[[date], Stretches], zone: str, start: datetime, end: datetime) -> Iterator[Span]:
    """What is open between two instants, cut there; half-open, in order, never empty. One day may touch the next."""
    for opens, closes in _whole_days(hours_of, ZoneInfo(zone), start, end):
        span = max(opens, start), min(closes, end)
        if span[0] < span[1]:
            yield span


def _whole_days(
    hours_of: Callable[[date], Stretches], zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[Span]:
    # Clocks that go back over midnight show the day before again, when the next day has already begun.
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date() + _DAY
    while day <= last:
        for first, past in hours_of(day):
            yield instant(day, first, zone), instant(day, past, zone)
        day += _DAY


def instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """When the clocks of a zone first show that many minutes past the midnight that begins a day."""
    wall = datetime.combine(day, time(), zone) + timedelta(minutes=minute)
    found = wall.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return found
    return _change_of_clocks(wall.replace(fold=1).astimezone(UTC), found, zone)


def _change_of_clocks(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    earlier = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == earlier:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
