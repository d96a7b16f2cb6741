"""Give a brand opening hours, and change them from a date on without touching what was measured before."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars import hours
from portavoce.calendars.models import Calendar, CalendarVersion
from portavoce.calendars.versions import CalendarHours
from portavoce.core.unit import new_id


def add_calendar(
    db: AsyncSession, name: str, weekly: hours.Weekly, zone: str, valid_from: datetime
) -> Calendar:
    calendar = Calendar(id=new_id(db), name=name)
    db.add(calendar)
    add_version(db, calendar.id, weekly, zone, valid_from)
    return calendar


def add_version(
    db: AsyncSession, calendar_id: UUID, weekly: hours.Weekly, zone: str, valid_from: datetime
) -> CalendarVersion:
    version = CalendarVersion(
        id=new_id(db), calendar_id=calendar_id, valid_from=valid_from, zone=zone, weekly=hours.write(weekly)
    )
    db.add(version)
    return version


async def calendar_versions(db: AsyncSession, calendar_id: UUID) -> list[tuple[UUID, CalendarHours]]:
    """Every version of a calendar with its id, oldest first."""
    query = (
        select(CalendarVersion.id, CalendarVersion.valid_from, CalendarVersion.zone, CalendarVersion.weekly)
        .where(CalendarVersion.calendar_id == calendar_id)
        .order_by(CalendarVersion.valid_from)
    )
    return [
        (row.id, CalendarHours(row.valid_from, row.zone, hours.read(row.weekly)))
        for row in await db.execute(query)
    ]
