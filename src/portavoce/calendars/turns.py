"""What comes back every day, week or month at a time that the clock on a wall shows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from portavoce.calendars.walls import instant

Rhythm = Literal["daily", "weekly", "monthly"]
_DAY = timedelta(days=1)


class Turn(NamedTuple):
    """When it was due, and the first and last day of what it is about: the day, week (from Monday) or month before."""

    due_at: datetime
    first: date
    last: date


def last_turn(rhythm: Rhythm, minute: int, zone: str, at: datetime) -> Turn:
    """The newest that was due at `at`. A wall time that is skipped is due when the clocks change, one that comes twice at
    its first.
    """
    place = ZoneInfo(zone)
    day = at.astimezone(place).date() + _DAY
    while True:
        day = _first_day(rhythm, day)
        due_at = instant(day, minute, place)
        last = day - _DAY
        if due_at <= at:
            return Turn(due_at, _first_day(rhythm, last), last)
        day = last


def _first_day(rhythm: Rhythm, day: date) -> date:
    """Of the day, week or month that a day is in."""
    if rhythm == "weekly":
        return day - day.weekday() * _DAY
    return day.replace(day=1) if rhythm == "monthly" else day
