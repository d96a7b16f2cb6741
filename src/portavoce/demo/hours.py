"""Opening hours of the demo's brands, published as an administrator does: a patron saint, and the evenings of Christmas."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import structs
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars.documents import Exceptional, Patron
from portavoce.calendars.models import Calendar
from portavoce.calendars.publishing import publish
from portavoce.calendars.queries import versions_of
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.core.unit import now
from portavoce.demo import cast
from portavoce.demo.cast import Team
from portavoce.demo.founding import Founded
from portavoce.demo.simulation import Ground
from portavoce.identity.models import Person

NOTICE = timedelta(days=7)
"""So long before it holds a change is published."""
EVES = ((12, 24, "Vigilia di Natale"), (12, 31, "San Silvestro"))
CLOSES = 13 * 60


async def keep_patrons(database: Database, founded: Founded) -> None:
    """On the first day, for a week later."""
    for team in cast.TEAMS:
        if team.patrons:
            async with database.begin(Scope.writing(founded.brands[team.slug])) as db:
                patrons = tuple(Patron(month, day, name) for month, day, name in team.patrons)
                await _publish(db, NOTICE, patrons=patrons)


async def announce_eves(ground: Ground, founded: Founded) -> None:
    """On the last day, for tomorrow: who looks at the calendar sees a change to come."""
    team = cast.TEAMS[0]
    async with ground.database.begin(Scope.writing(founded.brands[team.slug])) as db:
        await _publish(db, timedelta(days=1), exceptions=_eves(team, _today(now(db))))


async def _publish(db: AsyncSession, after: timedelta, **changes: object) -> None:
    calendar_id = (await db.scalars(select(Calendar.id))).one()
    by = await db.scalar(select(Person.id).where(Person.email == cast.ADMIN.email))
    document = structs.replace((await versions_of(db, calendar_id))[-1].document, **changes)
    await publish(db, calendar_id, document, _today(now(db)) + after, by=by)


def _eves(team: Team, today: date) -> tuple[Exceptional, ...]:
    """The next of each, open in the morning if the brand is open at all that day."""
    days = [(_next(month, day, today + timedelta(days=2)), name) for month, day, name in EVES]
    return tuple(
        Exceptional(day, tuple((first, CLOSES) for first, _ in team.hours.get(day.weekday(), ())), name)
        for day, name in sorted(days)
    )


def _next(month: int, day: int, after: date) -> date:
    this_year = date(after.year, month, day)
    return this_year if this_year >= after else date(after.year + 1, month, day)


def _today(at: datetime) -> date:
    return at.astimezone(ZoneInfo(cast.ZONE)).date()
