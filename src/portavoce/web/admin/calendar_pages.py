"""What the pages of a brand's calendars show: what is in force, the weeks ahead, who published what, and a preview."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars import documents
from portavoce.calendars.documents import Document
from portavoce.calendars.errors import NoCalendar
from portavoce.calendars.models import Calendar
from portavoce.calendars.outlook import Day, Named, named_days, weeks
from portavoce.calendars.public_days import resolved
from portavoce.calendars.publishing import begins, first_day
from portavoce.calendars.queries import Version, versions_of, versions_of_brand
from portavoce.calendars.versions import valid_at
from portavoce.core.unit import now
from portavoce.sla.previewing import Moves, would_move
from portavoce.web.admin.listing import names_of

WEEKS = 8
WARN_BEFORE = timedelta(days=270)
"""So long before its last closed day a calendar asks to be published again."""
YEAR = timedelta(days=366)


class Published(NamedTuple):
    """A line of the history."""

    version: Version
    by: str | None
    state: str


class Shown(NamedTuple):
    """A calendar now; `next` is the version that comes into force next, `holidays` the named days of the weeks ahead."""

    id: UUID
    name: str
    present: Version
    next: Version | None
    weeks: list[list[Day]]
    holidays: list[Named]
    today: date
    ends_soon: bool
    history: list[Published]


class Preview(NamedTuple):
    """What a document would be and do; `mark` is what has to come back with it."""

    version: Version
    holidays: list[Named]
    moves: Moves | None
    follows: Version | None
    mark: str


async def calendars_of(db: AsyncSession) -> list[Shown]:
    """Those of the one brand this session reads, by name. Three queries."""
    names = (await db.execute(select(Calendar.id, Calendar.name).order_by(Calendar.name))).all()
    versions = await versions_of_brand(db)
    people = await _people(db, [each for found in versions.values() for each in found])
    return [_shown(row.id, row.name, versions[row.id], people, now(db)) for row in names]


async def calendar_of(db: AsyncSession, calendar_id: UUID) -> Shown:
    """NoCalendar unless the brand has it."""
    name = await db.scalar(select(Calendar.name).where(Calendar.id == calendar_id))
    if name is None:
        raise NoCalendar("This page does not exist.")
    versions = await versions_of(db, calendar_id)
    return _shown(calendar_id, name, versions, await _people(db, versions), now(db))


async def preview(
    db: AsyncSession, calendar_id: UUID | None, document: Document, starts: date | None
) -> Preview:
    """BadCalendar by field, as publishing it would raise. None moves where there is no calendar yet."""
    at = now(db)
    valid_from = begins(document, starts, at)
    first = first_day(document, valid_from)
    whole = await asyncio.to_thread(resolved, document, first)
    versions = await versions_of(db, calendar_id) if calendar_id else []
    version = Version(UUID(int=0), calendar_id or UUID(int=0), valid_from, at, None, whole)
    return Preview(
        version,
        named_days(whole, first, first + YEAR),
        await would_move(db, calendar_id, version) if calendar_id else None,
        next((each for each in in_force(versions, at) if each.valid_from > valid_from), None),
        mark(document, starts, versions),
    )


def mark(document: Document, starts: date | None, versions: Sequence[Version]) -> str:
    """Of what is published and of what it follows: another text, or a version that came between, has another one."""
    last = max((each.published_at or each.valid_from for each in versions), default=None)
    return sha256(f"{documents.write(document)} {starts} {last}".encode()).hexdigest()


def in_force(versions: Sequence[Version], at: datetime) -> list[Version]:
    """Those that hold some day by what is published at an instant, without what was replaced."""
    return list({each.valid_from: each for each in versions if each.hours().known_from <= at}.values())


def _shown(
    calendar_id: UUID, name: str, versions: list[Version], people: dict[UUID, str], at: datetime
) -> Shown:
    holding = in_force(versions, at) or versions[:1]
    present = valid_at(holding, at) or holding[0]
    ahead = weeks([each.hours() for each in holding], [each.document for each in holding], at, WEEKS)
    until = present.document.until
    today = at.astimezone(ZoneInfo(present.document.zone)).date()
    return Shown(
        calendar_id,
        name,
        present,
        next((each for each in holding if each.valid_from > at), None),
        ahead,
        [each.named for week in ahead for each in week if each.named and each.day >= today],
        today,
        until is not None and until - today < WARN_BEFORE,
        [_line(each, holding, present, people, at) for each in reversed(versions)],
    )


def _line(
    version: Version, holding: list[Version], present: Version, people: dict[UUID, str], at: datetime
) -> Published:
    by = people.get(version.published_by) if version.published_by else None
    if version is present:
        return Published(version, by, "present")
    if version not in holding:
        return Published(version, by, "replaced")
    return Published(version, by, "future" if version.valid_from > at else "past")


async def _people(db: AsyncSession, versions: list[Version]) -> dict[UUID, str]:
    found = {each.published_by for each in versions if each.published_by}
    return await names_of(db, found) if found else {}
