"""Finding interactions, messages and work of the one brand in scope."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Queue
from portavoce.contracts.queries import VERSION_IN_FORCE, certainly
from portavoce.conversations.errors import NoInteraction
from portavoce.conversations.models import Interaction, Message, WorkItem
from portavoce.conversations.threads.models import ThreadMerge, ThreadSplit
from portavoce.core.locks import keep_locked, locked
from portavoce.core.unit import written_brand

# Statements are built once: building one costs more than running it.
INTERACTION = (
    select(Interaction)
    .where(Interaction.id == bindparam("interaction_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
MESSAGE = (
    select(Message)
    .where(Message.id == bindparam("message_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
OPEN_INTERACTION = (
    select(Interaction)
    .where(
        Interaction.conversation_id == bindparam("conversation_id"),
        Interaction.channel == bindparam("channel"),
        Interaction.state != "closed",
    )
    .with_for_update()
    .execution_options(populate_existing=True)
)
GOES_ON = func.coalesce(
    select(ThreadMerge.into_id)
    .where(ThreadMerge.conversation_id == bindparam("conversation_id"), ThreadMerge.undone_at.is_(None))
    .scalar_subquery(),
    select(ThreadSplit.conversation_id)
    .where(ThreadSplit.into_id == bindparam("conversation_id"), ThreadSplit.undone_at.is_not(None))
    .scalar_subquery(),
)
"""The thread into which one was merged, or back into which one came that had been split off."""
LATEST_INTERACTION = (
    select(Interaction.id, GOES_ON)
    .where(
        Interaction.conversation_id == bindparam("conversation_id"),
        or_(Interaction.channel == bindparam("channel"), Interaction.came_by == bindparam("channel")),
    )
    .order_by(Interaction.opened_at.desc(), Interaction.id.desc())
    .limit(1)
)
# PostgreSQL locks the rows of a joined row in the order in which FROM names their tables.
WORK_AND_INTERACTION = (
    select(WorkItem, Interaction)
    .select_from(WorkItem)
    .join(
        Interaction,
        (Interaction.brand_id == WorkItem.brand_id) & (Interaction.id == WorkItem.interaction_id),
    )
    .where(WorkItem.interaction_id == bindparam("interaction_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
QUEUE_AND_VERSION = (
    select(Queue.id, VERSION_IN_FORCE.scalar_subquery())
    .where(Queue.lob_id == bindparam("lob_id"))
    .order_by(Queue.id)
    .limit(1)
)


async def interaction(db: AsyncSession, interaction_id: UUID) -> Interaction:
    """Of the written brand, locked until commit so that two verbs on it run one after the other."""
    if known := locked(db, Interaction, written_brand(db), interaction_id):
        return known
    found = (await db.scalars(INTERACTION, {"interaction_id": interaction_id})).one_or_none()
    if found is None:
        raise NoInteraction("This contact does not exist.")
    keep_locked(db, found)
    return found


async def lob_of(db: AsyncSession, interaction_id: UUID) -> UUID:
    """The line of business for a fact about the interaction, that of its opening; it never changes, so nothing is locked."""
    return (await db.get_one(Interaction, (written_brand(db), interaction_id))).lob_id


async def message(db: AsyncSession, message_id: UUID) -> Message:
    found = (await db.scalars(MESSAGE, {"message_id": message_id})).one_or_none()
    if found is None:
        raise NoInteraction("This message does not exist.")
    return found


async def work_and_interaction(db: AsyncSession, interaction_id: UUID) -> tuple[WorkItem, Interaction]:
    """Both locked, in the one order that every verb keeps: after the agent's slot, before the brand's head."""
    key = written_brand(db), interaction_id
    work, interaction = locked(db, WorkItem, *key), locked(db, Interaction, *key)
    if work and interaction:
        return work, interaction
    found = (await db.execute(WORK_AND_INTERACTION, {"interaction_id": interaction_id})).one_or_none()
    if found is None:
        raise NoInteraction("This contact does not exist.")
    keep_locked(db, found.WorkItem, found.Interaction)
    return found.WorkItem, found.Interaction


async def open_interaction(db: AsyncSession, conversation_id: UUID, channel: str) -> Interaction | None:
    wanted = {"conversation_id": conversation_id, "channel": channel}
    return (await db.scalars(OPEN_INTERACTION, wanted)).one_or_none()


async def latest_interaction(
    db: AsyncSession, conversation_id: UUID, channel: str
) -> tuple[UUID, UUID | None] | None:
    """Of those on the channel, or moved from it. The id only, for its state is worth reading once it is locked; and the
    thread in which this one goes on.
    """
    wanted = {"conversation_id": conversation_id, "channel": channel}
    found = (await db.execute(LATEST_INTERACTION, wanted)).one_or_none()
    return None if found is None else (found[0], found[1])


async def queue_and_version(db: AsyncSession, lob_id: UUID, at: datetime) -> tuple[UUID, UUID]:
    """The one queue of a line of business, and the contract version in force."""
    queue_id, version_id = (await db.execute(QUEUE_AND_VERSION, {"lob_id": lob_id, "at": at})).one()
    return queue_id, certainly(version_id)
