"""Messages and notes enter the search index with their row; what another release wrote meanwhile is entered later."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.models import Message
from portavoce.core.unit import now
from portavoce.kit.ids import earliest
from portavoce.search.entering import enter
from portavoce.search.models import SearchEntry
from portavoce.search.vectors import vector

LOOK_BACK = timedelta(days=2)
BATCH = 500


def enter_message(db: AsyncSession, message: Message) -> None:
    """Its subject and what was written; what it quotes has an entry of its own already."""
    words = vector(message.brand_id, [message.subject], [message.body])
    enter(db, kind_of(message), message.id, message.at, words)


def kind_of(message: Message) -> str:
    return "note" if message.direction == "note" else "message"


async def enter_missing(db: AsyncSession) -> int:
    """Messages of the last days without an entry, of the one brand that is written; gives how many there were."""
    entered = exists().where(
        SearchEntry.brand_id == Message.brand_id,
        SearchEntry.kind.in_(("message", "note")),
        SearchEntry.subject_id == Message.id,
    )
    query = select(Message).where(Message.id > earliest(now(db) - LOOK_BACK), ~entered).limit(BATCH)
    missing = (await db.scalars(query)).all()
    for message in missing:
        enter_message(db, message)
    return len(missing)
