"""A merge is undone: threads that began since go with the address their first mail came from."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email.models import Mail
from portavoce.conversations.models import Conversation, Message
from portavoce.customers.errors import UnusableIdentity
from portavoce.customers.events import MergeUndone
from portavoce.customers.identities import normalise
from portavoce.customers.queries import identities_of

EMAIL = "email"


async def part_threads(db: AsyncSession, event: MergeUndone) -> None:
    """Runs after the identities went back."""
    own = {each.value for each in await identities_of(db, event.merged_id) if each.channel == EMAIL}
    query = (
        select(Conversation.id, Mail.from_address)
        .join(
            Message,
            (Message.brand_id == Conversation.brand_id) & (Message.conversation_id == Conversation.id),
        )
        .join(Mail, (Mail.brand_id == Message.brand_id) & (Mail.message_id == Message.id))
        .where(
            Conversation.customer_id == event.survivor_id,
            Conversation.opened_at >= event.merged_at,
            Message.direction == "in",
        )
        .order_by(Conversation.id, Message.at, Message.id)
    )
    began: dict[object, str] = {}
    for conversation_id, sender in await db.execute(query):
        began.setdefault(conversation_id, _spelling(sender))
    theirs = [conversation_id for conversation_id, sender in began.items() if sender in own]
    moved = update(Conversation).where(Conversation.id.in_(theirs)).values(customer_id=event.merged_id)
    await db.execute(moved.execution_options(synchronize_session=False))


def _spelling(sender: str) -> str:
    try:
        return normalise(EMAIL, sender)
    except UnusableIdentity:
        return ""
