"""Take an answer back before it has left: nobody reads it, and its text is the writer's again."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.approvals.asking import take_back
from portavoce.conversations.approvals.queries import awaits
from portavoce.conversations.errors import NoInteraction, TooLate
from portavoce.conversations.models import Interaction, Message
from portavoce.conversations.queries import message as load
from portavoce.core.unit import poke, written_brand
from portavoce.ledger.facts import record


async def withdraw(db: AsyncSession, message_id: UUID, *, by: BrandAgent) -> Message:
    """By its writer, also after the contact was closed, or by who holds it now. TooLate once it is on its way.

    What carries it meets the message behind the same lock, and leaves one alone that is no longer queued. One that
    awaits the client's approval is decided about behind the lock of its contact: Decided when the client was faster.
    """
    if await awaits(db, message_id):
        waiting = await db.get_one(Message, (written_brand(db), message_id))
        await _may(db, waiting, by)
        return await take_back(db, waiting, by=by)
    message = await load(db, message_id)
    interaction = await _may(db, message, by)
    if message.state == "withdrawn":
        return message
    if message.state != "queued":
        raise TooLate("This answer is on its way already. Write another one to put it right.")
    message.state = "withdrawn"
    record(
        db,
        "message.withdrawn",
        actor=str(by.id),
        lob_id=interaction.lob_id,
        interaction_id=message.interaction_id,
        brand_agent_id=by.id,
        from_state="queued",
        to_state="withdrawn",
        message=message.id,
    )
    poke(db, "interaction", message.brand_id, message.interaction_id)
    return message


async def _may(db: AsyncSession, message: Message, by: BrandAgent) -> Interaction:
    interaction = await db.get_one(Interaction, (message.brand_id, message.interaction_id))
    if message.direction != "out" or by.id not in (message.brand_agent_id, interaction.brand_agent_id):
        raise NoInteraction("This message does not exist.")
    return interaction
