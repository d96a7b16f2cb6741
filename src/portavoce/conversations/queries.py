"""Finding interactions, messages and work of the one brand in scope."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Queue
from portavoce.conversations.errors import NoInteraction
from portavoce.conversations.models import Interaction, Message, WorkItem


async def interaction(db: AsyncSession, interaction_id: UUID) -> Interaction:
    """Of the written brand, locked until commit so that two verbs on it run one after the other."""
    query = select(Interaction).where(Interaction.id == interaction_id).with_for_update()
    found = (await db.scalars(query.execution_options(populate_existing=True))).one_or_none()
    if found is None:
        raise NoInteraction("This contact does not exist.")
    return found


async def lob_of(db: AsyncSession, interaction_id: UUID) -> UUID:
    """The line of business for a fact about the interaction; it never changes, so nothing is locked."""
    return (await db.scalars(select(Interaction.lob_id).where(Interaction.id == interaction_id))).one()


async def message(db: AsyncSession, message_id: UUID) -> Message:
    query = select(Message).where(Message.id == message_id).with_for_update()
    found = (await db.scalars(query.execution_options(populate_existing=True))).one_or_none()
    if found is None:
        raise NoInteraction("This message does not exist.")
    return found


async def units_of(db: AsyncSession, interaction_id: UUID) -> int:
    """What the interaction weighs in a slot; it never changes, so it may be read before any lock."""
    units = await db.scalar(select(WorkItem.units).where(WorkItem.interaction_id == interaction_id))
    if units is None:
        raise NoInteraction("This contact does not exist.")
    return units


async def work_and_interaction(db: AsyncSession, interaction_id: UUID) -> tuple[WorkItem, Interaction]:
    """Both locked, in the one order that every verb keeps: after the agent's slot, before the brand's head."""
    query = select(WorkItem).where(WorkItem.interaction_id == interaction_id).with_for_update()
    work = (await db.scalars(query.execution_options(populate_existing=True))).one_or_none()
    if work is None:
        raise NoInteraction("This contact does not exist.")
    return work, await interaction(db, interaction_id)


async def open_interaction(db: AsyncSession, conversation_id: UUID, channel: str) -> Interaction | None:
    query = (
        select(Interaction)
        .where(
            Interaction.conversation_id == conversation_id,
            Interaction.channel == channel,
            Interaction.state != "closed",
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await db.scalars(query)).one_or_none()


async def latest_interaction(db: AsyncSession, conversation_id: UUID, channel: str) -> UUID | None:
    """The id only: its state is worth reading once it is locked."""
    query = (
        select(Interaction.id)
        .where(Interaction.conversation_id == conversation_id, Interaction.channel == channel)
        .order_by(Interaction.opened_at.desc(), Interaction.id.desc())
        .limit(1)
    )
    return (await db.scalars(query)).one_or_none()


async def queue_of(db: AsyncSession, lob_id: UUID) -> UUID:
    """The one queue of a line of business."""
    return (
        await db.scalars(select(Queue.id).where(Queue.lob_id == lob_id).order_by(Queue.id).limit(1))
    ).one()
