"""What people mean by later, on the clock of the brand they speak for."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portavoce.web.i18n import N_

MORNING = 9


def moments(at: datetime, zone: str) -> list[tuple[str, str]]:
    """Each as a field of a form writes it, and in words: in three hours, tomorrow morning, Monday morning."""
    local = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)
    morning = local.replace(hour=MORNING, minute=0)
    monday = morning + timedelta(days=7 - local.weekday())
    offered = [
        (local + timedelta(hours=3), N_("In three hours")),
        (morning + timedelta(days=1), N_("Tomorrow morning")),
        (monday, N_("Monday morning")),
    ]
    return [(_written(when), words) for when, words in offered]


def wall(at: datetime, zone: str) -> str:
    """An instant as a field of a form writes it."""
    return _written(at.astimezone(ZoneInfo(zone)))


def _written(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M}"
