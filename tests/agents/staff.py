"""Workers of the provider, known to no brand yet."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.capacity import give_back_units, take_units
from portavoce.agents.models import AgentSlot, Site
from portavoce.agents.timeline import add_agent, lock_slot
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


async def take(db: AsyncSession, agent_id: UUID, units: int) -> AgentSlot:
    slot = await lock_slot(db, agent_id)
    take_units(db, slot, units)
    return slot


async def give_back(db: AsyncSession, agent_id: UUID, units: int) -> AgentSlot:
    slot = await lock_slot(db, agent_id)
    give_back_units(db, slot, units)
    return slot
