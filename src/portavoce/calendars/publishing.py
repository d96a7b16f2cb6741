"""Publish a version of a calendar: from an instant ahead on, opening hours are others, and open clocks walk on in them.

What was decided before can never change: a version begins when it is published or later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.calendars.documents import CHANNELS, Document
from portavoce.calendars.errors import BadCalendar, NoCalendar
from portavoce.calendars.events import CalendarPublished
from portavoce.calendars.founding import add_version
from portavoce.calendars.models import Calendar, CalendarVersion
from portavoce.calendars.public_days import is_place, resolved
from portavoce.calendars.walls import instant
from portavoce.core.unit import emit, new_id, now
from portavoce.ledger.facts import record

BY = "admin"
MOST_CALENDARS, MOST_EXCEPTIONS, MOST_PATRONS = 40, 200, 20
LONGEST = 80
FARTHEST = timedelta(days=730)
CHECK = "Check the fields below."
FILL = "Fill in this field."
SHORTEN = "Shorten this text to 80 characters."
OPTION = "Choose one of the options shown."
NEVER_OPEN = "Write at least one stretch of open hours."
TWICE = "Two exceptions are about the same day. Put them on one line."
PAST = "Choose a day after today, or leave it blank to begin at once."
TOO_FAR = "Choose a day within two years."
BEFORE = "An exception lies before the day on which this begins. Take it out."


async def publish(
    db: AsyncSession, calendar_id: UUID, document: Document, starts: date | None, *, by: UUID | None
) -> CalendarVersion:
    """From the beginning of a day in the document's zone on, or at once. NoCalendar; BadCalendar by field.

    A version that was to begin at the same instant is replaced; one that begins later follows this one. Who publishes
    holds the calendar, so that one decides after the other.
    """
    if await db.scalar(select(Calendar.id).where(Calendar.id == calendar_id).with_for_update()) is None:
        raise NoCalendar("This page does not exist.")
    at = max(now(db), await _last_published(db, calendar_id) + timedelta(microseconds=1))
    valid_from = begins(document, starts, at)
    whole = await asyncio.to_thread(resolved, document, first_day(document, valid_from))
    version = add_version(
        db,
        calendar_id,
        document.weekly,
        document.zone,
        valid_from,
        document=whole,
        published_at=at,
        published_by=by,
    )
    await db.flush()
    cause = audit(db, BY, "calendar.published", "calendar_version", version.id)
    record(
        db,
        "calendar.published",
        actor=BY,
        at=at,
        cause_id=cause,
        calendar=calendar_id,
        calendar_version=version.id,
        valid_from=valid_from,
    )
    await emit(db, CalendarPublished(version, at))
    return version


async def open_calendar(
    db: AsyncSession, name: str, document: Document, starts: date | None, *, by: UUID | None
) -> Calendar:
    """A further calendar of the brand, with its first version. BadCalendar by field."""
    name = " ".join(name.split())
    names = set((await db.scalars(select(func.lower(Calendar.name)))).all())
    if not name or len(name) > LONGEST:
        raise BadCalendar(CHECK, name=SHORTEN if name else FILL)
    if name.lower() in names:
        raise BadCalendar(CHECK, name="This brand has a calendar of this name already.")
    if len(names) >= MOST_CALENDARS:
        raise BadCalendar(CHECK, name="A brand has 40 calendars at most.")
    calendar = Calendar(id=new_id(db), name=name)
    db.add(calendar)
    await db.flush()
    await publish(db, calendar.id, document, starts, by=by)
    return calendar


async def _last_published(db: AsyncSession, calendar_id: UUID) -> datetime:
    """Clocks of processes differ: versions of a calendar are published one after the other all the same."""
    query = select(func.max(CalendarVersion.published_at)).where(CalendarVersion.calendar_id == calendar_id)
    return await db.scalar(query) or datetime.min.replace(tzinfo=UTC)


def begins(document: Document, starts: date | None, at: datetime) -> datetime:
    """The instant at which the document would begin; BadCalendar by field, with every mistake there is."""
    errors = dict(_mistakes(document))
    if errors.get("zone"):
        raise BadCalendar(CHECK, **errors)
    today = first_day(document, at)
    if starts is not None and starts <= today:
        errors["starts"] = PAST
    elif starts is not None and starts - today > FARTHEST:
        errors["starts"] = TOO_FAR
    elif any(each.day < (starts or today) for each in document.exceptions):
        errors["exceptions"] = BEFORE
    if errors:
        raise BadCalendar(CHECK, **errors)
    return at if starts is None else instant(starts, 0, ZoneInfo(document.zone))


def first_day(document: Document, at: datetime) -> date:
    """The day of an instant where the calendar is."""
    return at.astimezone(ZoneInfo(document.zone)).date()


def _mistakes(document: Document) -> Iterator[tuple[str, str]]:
    if document.zone not in available_timezones():
        yield "zone", OPTION
    if document.weekly.never_open:
        yield "weekly", NEVER_OPEN
    for channel, weekly in document.channels.items():
        if channel not in CHANNELS:
            yield "channels", OPTION
        elif weekly.never_open:
            yield f"weekly_{channel}", NEVER_OPEN
    if not is_place(document.country, document.subdivision):
        yield "place", OPTION
    yield from _listed(document)


def _listed(document: Document) -> Iterator[tuple[str, str]]:
    days = [each.day for each in document.exceptions]
    if len(days) > MOST_EXCEPTIONS:
        yield "exceptions", "A calendar has 200 exceptions at most."
    elif len(set(days)) < len(days):
        yield "exceptions", TWICE
    elif any(len(each.reason) > LONGEST for each in document.exceptions):
        yield "exceptions", SHORTEN
    if len(document.patrons) > MOST_PATRONS:
        yield "patrons", "A calendar has 20 patron saints at most."
    elif any(not 1 <= len(each.name) <= LONGEST for each in document.patrons):
        yield "patrons", "Write the name of each patron saint, in up to 80 characters."
