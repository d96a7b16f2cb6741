"""People of both sides, and tasks between them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portavoce.contracts.tasks.asking import ask
from portavoce.contracts.tasks.models import ClientTask
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.core.unit import new_id, now
from portavoce.identity.models import Person
from portavoce.ledger.models import LedgerEvent
from portavoce.reporting.facts import read_body
from tests.minting import Minted

DAY = timedelta(days=1)


async def somebody(database: Database, name: str = "Elena Fabbri") -> UUID:
    async with database.begin(HOUSE) as db:
        person = Person(id=new_id(db), email=f"{new_id(db).hex}@voxa.example", name=name, created_at=now(db))
        db.add(person)
        return person.id


async def owed(
    database: Database, brand: Minted, days: int = 3, *, kind: str = "forecast", by: UUID | None = None
) -> ClientTask:
    async with database.begin(brand.writing) as db:
        return await ask(db, kind, "I volumi di aprile", now(db) + days * DAY, by=by)


async def told(database: Database, brand: Minted) -> list[tuple[str, str, dict[str, object]]]:
    query = select(LedgerEvent.kind, LedgerEvent.actor, LedgerEvent.body).order_by(LedgerEvent.n)
    async with database.begin(brand.reading) as db:
        return [(row.kind, row.actor, read_body(row.body)) for row in await db.execute(query)]
