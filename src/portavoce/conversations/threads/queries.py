"""Where a thread goes on."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.models import Conversation
from portavoce.conversations.threads.models import ThreadMerge

INTO = select(ThreadMerge.into_id).where(
    ThreadMerge.conversation_id == bindparam("conversation_id"), ThreadMerge.undone_at.is_(None)
)


async def surviving(db: AsyncSession, conversation: Conversation) -> Conversation:
    """The thread itself, or the one it goes on in. What was merged takes nobody in, so one step leads to the end, but for
    a thread that was merged after others had been merged into it.
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
