"""Where a thread goes on."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.models import Conversation
from portavoce.conversations.queries import GOES_ON
from portavoce.conversations.threads.models import ThreadMerge, ThreadSplit

INTO = select(GOES_ON)


async def surviving(db: AsyncSession, conversation: Conversation) -> Conversation:
    """The thread itself, or the one it goes on in. What was merged takes nobody in, so one step leads to the end, but for
    a thread that was merged after others had been merged into it, or that one came back into.
    """
    known = conversation.id
    while (into := await db.scalar(INTO, {"conversation_id": known})) is not None:
        known = into
    return (
        conversation
        if known == conversation.id
        else await db.get_one(Conversation, (conversation.brand_id, known))
    )


async def merged_now(db: AsyncSession, interaction_id: UUID) -> ThreadMerge | None:
    """The merge by which this contact was closed, if it still stands; locked."""
    query = select(ThreadMerge).where(
        ThreadMerge.dropped_id == interaction_id, ThreadMerge.undone_at.is_(None)
    )
    return (await db.scalars(query.with_for_update())).one_or_none()


async def has_taken_in(db: AsyncSession, conversation_id: UUID) -> bool:
    query = select(ThreadMerge.id).where(
        ThreadMerge.into_id == conversation_id, ThreadMerge.undone_at.is_(None)
    )
    return await db.scalar(query.limit(1)) is not None


async def came_back(db: AsyncSession, interaction_id: UUID) -> bool:
    """Whether it was split off and taken back: its messages are where they were."""
    query = select(ThreadSplit.id).where(
        ThreadSplit.opened_id == interaction_id, ThreadSplit.undone_at.is_not(None)
    )
    return await db.scalar(query.limit(1)) is not None
