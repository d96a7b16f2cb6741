"""When the day's removal is due, and what is older than its period."""

from __future__ import annotations

from datetime import datetime, timedelta

DAILY_AT = timedelta(hours=3)
"""Since midnight UTC: few agents work, and no period ends on a summer-time switch."""
DAY = timedelta(days=1)


def due_at(now: datetime) -> datetime:
    """The latest instant, up to now, at which a run was due. Missed ones are made up by one."""
    midnight = (now - DAILY_AT).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + DAILY_AT


def cutoff(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)
