"""What a verb may ask of its unit of work: the time, an id, the brand it writes, a reaction, a poke."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.errors import NoScope
from portavoce.core.session import ScopedSession
from portavoce.core.tables import Tenant
from portavoce.kit.ids import uuid7


@dataclass(frozen=True, slots=True)
class Poke:
    """Tells screens to re-read: a view of a brand (or of a person, brand None) and the id that changed."""

    view: str
    brand_id: UUID | None
    id: UUID


def now(db: AsyncSession) -> datetime:
    moment: datetime = db.info["clock"].now()
    return moment


def new_id(db: AsyncSession) -> UUID:
    return uuid7(db.info["clock"])


def written_brand(db: AsyncSession) -> UUID:
    session = db.sync_session
    assert isinstance(session, ScopedSession)
    if session.scope.write is None:
        raise NoScope("this session may not write to any brand")
    return session.scope.write


async def insert_many(db: AsyncSession, rows: Iterable[tuple[type[Tenant], Mapping[str, Any]]]) -> None:
    """Store many rows of the written brand, given by table and values, which nobody reads again in this unit."""
    session = db.sync_session
    assert isinstance(session, ScopedSession)
    await db.run_sync(lambda _: session.insert_many(rows))


async def emit(db: AsyncSession, event: Any) -> None:
    """Run the reactions that `wiring` lists for this event, in order, in this transaction."""
    for react in db.info["reactions"].get(type(event), ()):
        await react(db, event)


def poke(db: AsyncSession, view: str, brand_id: UUID | None, subject: UUID) -> None:
    """Buffer a poke; it leaves after commit and dies with a rollback."""
    db.info["pokes"].append(Poke(view, brand_id, subject))
