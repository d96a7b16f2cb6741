"""The versions of a brand's calendars, ready for arithmetic, and as they are shown."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars import documents, hours
from portavoce.calendars.documents import Document
from portavoce.calendars.models import CalendarVersion
from portavoce.calendars.versions import CalendarHours

COLUMNS = (
    CalendarVersion.id.label("calendar_version"),
    CalendarVersion.calendar_id,
    CalendarVersion.valid_from,
    CalendarVersion.published_at,
    CalendarVersion.published_by,
    CalendarVersion.zone,
    CalendarVersion.weekly,
    CalendarVersion.document,
)
"""Of which `version_of` makes a Version."""
IN_ORDER = (CalendarVersion.valid_from, CalendarVersion.published_at.asc().nulls_first())
"""As `timeline.known_at` wants them: of two that begin at once the one published last counts."""


class Version(NamedTuple):
    """One that an earlier release wrote has no time of publication: it was known from when it held."""

    id: UUID
    calendar_id: UUID
    valid_from: datetime
    published_at: datetime | None
    published_by: UUID | None
    document: Document

    def hours(self, channel: str = "") -> CalendarHours:
        """As one channel sees it; as a channel without hours of its own does, unless one is named."""
        return CalendarHours(
            self.valid_from,
            self.document.zone,
            self.document.week_of(channel),
            self.document.days,
            self.published_at,
        )


def version_of(row: Any) -> Version:
    document = (
        Document(zone=row.zone, weekly=hours.read(row.weekly))
        if row.document is None
        else documents.read(row.document)
    )
    return Version(
        row.calendar_version, row.calendar_id, row.valid_from, row.published_at, row.published_by, document
    )


async def versions_of_brand(db: AsyncSession) -> dict[UUID, list[Version]]:
    """By calendar, of the one brand in scope. One query."""
    found: dict[UUID, list[Version]] = defaultdict(list)
    for row in await db.execute(select(*COLUMNS).order_by(*IN_ORDER)):
        found[row.calendar_id].append(version_of(row))
    return found


async def versions_of(db: AsyncSession, calendar_id: UUID) -> list[Version]:
    """Of one calendar, in order; none of another brand's."""
    query = select(*COLUMNS).where(CalendarVersion.calendar_id == calendar_id).order_by(*IN_ORDER)
    return [version_of(row) for row in await db.execute(query)]
