"""The stretches of a brand's time that sums are kept over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from portavoce.reporting.months import midnight

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
INTERVAL = timedelta(minutes=15)


def starts_of(at: datetime, zone: str) -> dict[str, datetime]:
    """Where the interval, hour, day and month begin that hold an instant, in UTC.

    Days and months are those of the zone; an hour that comes twice is two hours.
    """
    local = at.astimezone(ZoneInfo(zone))
    offset = local.utcoffset() or timedelta(0)
    return {
        "interval": _floor(at, INTERVAL, offset),
        "hour": _floor(at, timedelta(hours=1), offset),
        "day": midnight(local.date(), zone),
        "month": midnight(local.date().replace(day=1), zone),
    }


def _floor(at: datetime, size: timedelta, offset: timedelta) -> datetime:
    """To full local quarters and hours: some zones lie half an hour beside the others."""
    return at - (at - EPOCH + offset) % size
