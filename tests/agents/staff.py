"""Workers of the provider, known to no brand yet."""

from __future__ import annotations

from uuid import UUID

from portavoce.agents.models import Site
from portavoce.agents.timeline import add_agent
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.core.unit import new_id, now
from portavoce.identity.models import Person


async def add_staff(database: Database, name: str = "Anna", *, cap: int = 10) -> UUID:
    """The id of a new agent, offline and idle."""
    async with database.begin(HOUSE) as db:
        site = Site(id=new_id(db), name="Torino", country="IT", zone="Europe/Rome")
        person = Person(id=new_id(db), email=f"{new_id(db).hex}@voxa.example", name=name, created_at=now(db))
        db.add_all([site, person])
        await db.flush()
        return add_agent(db, person.id, site.id, name, cap=cap).agent_id
