"""Take an identity from a profile, unless an open contact came by it and there is no other of its kind."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.joins import on
from portavoce.conversations.models import Conversation, Interaction
from portavoce.conversations.recognising.errors import NeededHere
from portavoce.customers.models import CustomerIdentity
from portavoce.customers.removing import remove_identity

NEEDED = "An open contact came by it, and the customer has no other. Finish that contact first."


async def remove(
    db: AsyncSession, customer_id: UUID, identity_id: UUID, reason: str, *, by: BrandAgent
) -> None:
    """NeededHere, and whatever `remove_identity` raises."""
    row = await remove_identity(db, customer_id, identity_id, reason, by=by)
    another = exists().where(
        CustomerIdentity.customer_id == customer_id, CustomerIdentity.channel == row.channel
    )
    open_here = (
        select(Interaction.id)
        .join(Conversation, on(Conversation, Conversation.id, Interaction.conversation_id))
        .where(
            Conversation.customer_id == customer_id,
            Interaction.channel == row.channel,
            Interaction.state != "closed",
            ~another,
        )
        .limit(1)
    )
    if await db.scalar(open_here) is not None:
        raise NeededHere(NEEDED)
