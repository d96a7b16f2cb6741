"""A mail of ours that answers none: the contact began elsewhere, at a counter or by another channel, and goes on by mail."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email.errors import NothingToWriteTo
from portavoce.channels.email.models import Mailbox
from portavoce.conversations.models import Conversation, Message
from portavoce.conversations.visits.continuing import NO_ADDRESS, known_address
from portavoce.conversations.visits.models import Visit

ASKED_FOR = select(Visit.answer_to).where(Visit.continued_id == bindparam("interaction"))
"""Where the customer said that the answer should go."""
OF_THE_LINE = (
    select(Mailbox).order_by(Mailbox.lob_id != bindparam("lob"), Mailbox.address, Mailbox.id).limit(1)
)
NO_MAILBOX = "This brand has no mail address to write from. Ask an administrator to add one."


async def first_mail(db: AsyncSession, message: Message) -> tuple[Mailbox, str]:
    """From the line's own address, or another of the brand, to where the customer asked for it, else to the one known
    for longest. NothingToWriteTo when one of the two is missing.
    """
    thread = await db.get_one(Conversation, (message.brand_id, message.conversation_id))
    address = await db.scalar(ASKED_FOR, {"interaction": message.interaction_id})
    address = address or await known_address(db, thread.customer_id)
    if address is None:
        raise NothingToWriteTo(NO_ADDRESS)
    mailbox = (await db.scalars(OF_THE_LINE, {"lob": thread.lob_id})).one_or_none()
    if mailbox is None:
        raise NothingToWriteTo(NO_MAILBOX)
    return mailbox, address
