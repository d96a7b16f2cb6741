"""Give a brand opening hours when it is founded. What changes them later is `publishing`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars import documents, hours
from portavoce.calendars.documents import Document
from portavoce.calendars.models import Calendar, CalendarVersion
from portavoce.calendars.queries import versions_of
from portavoce.calendars.versions import CalendarHours
from portavoce.core.unit import new_id


def add_calendar(
    db: AsyncSession,
    name: str,
    weekly: hours.Weekly,
    zone: str,
    valid_from: datetime,
    *,
    document: Document | None = None,
    published_by: UUID | None = None,
) -> Calendar:
    """Its week, or a whole resolved `document` of that week and zone."""
    calendar = Calendar(id=new_id(db), name=name)
    db.add(calendar)
    add_version(db, calendar.id, weekly, zone, valid_from, document=document, published_by=published_by)
    return calendar


def add_version(
    db: AsyncSession,
    calendar_id: UUID,
    weekly: hours.Weekly,
    zone: str,
    valid_from: datetime,
    *,
    document: Document | None = None,
    published_at: datetime | None = None,
    published_by: UUID | None = None,
) -> CalendarVersion:
    """Published when it begins, unless told otherwise."""
    version = CalendarVersion(
        id=new_id(db),
        calendar_id=calendar_id,
        valid_from=valid_from,
        zone=zone,
        weekly=hours.write(weekly),
        document=documents.write(document) if document else None,
        published_at=published_at or valid_from,
        published_by=published_by,
    )
    db.add(version)
    return version


async def calendar_versions(db: AsyncSession, calendar_id: UUID) -> list[tuple[UUID, CalendarHours]]:
    """Every version of a calendar with its id, in order, as a channel without hours of its own sees it."""
    return [(version.id, version.hours()) for version in await versions_of(db, calendar_id)]
