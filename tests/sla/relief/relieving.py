"""Reliefs of a minted brand: who may propose and decide, and events made by the real verbs."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.contracts.models import ContractVersion
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.core.unit import new_id, now
from portavoce.identity.granting import grant
from portavoce.identity.models import Person
from portavoce.sla.relief.causes import Cause
from portavoce.sla.relief.deciding import accept
from portavoce.sla.relief.models import ReliefEvent
from portavoce.sla.relief.proposing import Wish, propose
from tests.database import NOON
from tests.minting import Minted

HOUR = timedelta(hours=1)


async def person_with(database: Database, brand: Minted, role: str, name: str = "Rosa Gallo") -> UUID:
    async with database.begin(HOUSE) as db:
        one = Person(id=new_id(db), email=f"{new_id(db).hex}@aurora.example", name=name, created_at=now(db))
        db.add(one)
        await db.flush()
        await grant(db, one.id, role, brand_id=brand.id)
        return one.id


async def silence_after(database: Database, brand: Minted, days: int) -> None:
    async with database.begin(brand.writing) as db:
        await db.execute(update(ContractVersion).values(relief_silence_days=days))


def wish(
    starts_at: datetime = NOON, ends_at: datetime = NOON + HOUR, cause: Cause = Cause.CLIENT_SYSTEM_DOWN,
    evidence: str = "Il gestionale era fermo.", **scope: object,
) -> Wish:  # fmt: skip
    return Wish(cause, starts_at, ends_at, evidence, **scope)  # type: ignore[arg-type]  # -- what a test says of the place


async def proposed(database: Database, brand: Minted, by: UUID, what: Wish | None = None) -> UUID:
    event = await database.run(brand.writing, lambda db: propose(db, None, what or wish(), by=by))
    return event.id


async def accepted(database: Database, brand: Minted, by: UUID, what: Wish | None = None) -> UUID:
    """Proposed and accepted by the same person, which no verb minds."""
    event_id = await proposed(database, brand, by, what)
    await database.run(brand.writing, lambda db: accept(db, event_id, by=by))
    return event_id


async def event_in(db: AsyncSession, brand: Minted, event_id: UUID) -> ReliefEvent:
    return await db.get_one(ReliefEvent, (brand.id, event_id))
