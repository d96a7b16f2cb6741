"""Take an answer back before it has left: nobody reads it, and its text is the writer's again."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.errors import NoInteraction, TooLate
from portavoce.conversations.models import Interaction, Message
from portavoce.conversations.queries import message as load
from portavoce.core.unit import poke
from portavoce.ledger.facts import record


async def withdraw(db: AsyncSession, message_id: UUID, *, by: BrandAgent) -> Message:
    """By its writer, also after the contact was closed, or by who holds it now. TooLate once it is on its way.

    What carries it meets the message behind the same lock, and leaves one alone that is no longer queued.
    """
    message = await load(db, message_id)
    interaction = await db.get_one(Interaction, (message.brand_id, message.interaction_id))
    if message.direction != "out" or by.id not in (message.brand_agent_id, interaction.brand_agent_id):
        raise NoInteraction("This message does not exist.")
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
