"""A moment as people write it, and the last one of a day, on the clock of a place."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portavoce.calendars.errors import NoSuchMoment


def moment(text: str, zone: str) -> datetime:
    """`2026-03-29T10:30` in the zone, as UTC; of an hour that comes twice the first.

    NoSuchMoment for anything else, and for a time that the clocks leap over.
    """
    try:
        wall = datetime.fromisoformat(text)
    except ValueError as error:
        raise NoSuchMoment(text) from error
    if wall.tzinfo is not None:
        raise NoSuchMoment(text)
    local = wall.replace(tzinfo=ZoneInfo(zone))
    instant = local.astimezone(UTC)
    if instant.astimezone(local.tzinfo).replace(tzinfo=None) != wall:
        raise NoSuchMoment(text)
    return instant


def end_of_day(at: datetime, zone: str, days: int) -> datetime:
    """The last second of the day that is `days` after that of `at`, in the zone, as UTC: what is due on a day."""
    day = at.astimezone(ZoneInfo(zone)).date() + timedelta(days=days + 1)
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) - timedelta(seconds=1)
