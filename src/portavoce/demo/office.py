"""What the clients' offices did: one shows its service to everybody, and owes the provider this and that."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.contracts.tasks.asking import ask
from portavoce.contracts.tasks.doing import finish
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.core.unit import now
from portavoce.demo import cast
from portavoce.demo.founding import Founded
from portavoce.demo.simulation import Ground
from portavoce.identity.models import Person
from portavoce.reporting.open_service.switching import switch_on

DAY = timedelta(days=1)
READER = "client_viewer"
LATE, DONE, OPEN = (
    ("product_news", "Le novità del listino di Natale, con i prezzi e le date."),
    ("access", "Un accesso in lettura al gestionale delle spedizioni per chi risponde."),
    ("forecast", "I volumi attesi di dicembre, settimana per settimana."),
)


async def owe_tasks(database: Database, founded: Founded) -> None:
    """On the first day: one that is done the same day, and one that nobody does in time."""
    team = cast.TEAMS[0]
    async with database.begin(Scope.writing(founded.brands[team.slug])) as db:
        admin, reader = await _person(db, cast.ADMIN.email), await _reader(db, team)
        await ask(db, *LATE, now(db) + 2 * DAY, by=admin)
        done = await ask(db, *DONE, now(db) + DAY, by=admin)
        await db.flush()
        await finish(db, done.id, "L'accesso è attivo da oggi.", by=reader)


async def last_wishes(ground: Ground, founded: Founded) -> None:
    """On the last day: one task is open, and the service is shown to everybody."""
    async with ground.database.begin(Scope.writing(founded.brands[cast.TEAMS[0].slug])) as db:
        await ask(db, *OPEN, now(db) + 5 * DAY, by=await _person(db, cast.ADMIN.email))
        await switch_on(db)


async def _reader(db: AsyncSession, team: cast.Team) -> UUID:
    return await _person(db, next(each.email for each in team.people if each.role == READER))


async def _person(db: AsyncSession, email: str) -> UUID:
    return (await db.scalars(select(Person.id).where(Person.email == email))).one()
