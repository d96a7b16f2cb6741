"""An agent's answer on channel email gets its envelope and an outbox row, in the same transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email.composing import new_message_id
from portavoce.channels.email.errors import Nowhere
from portavoce.channels.email.mailboxes import mailbox_of_line
from portavoce.channels.email.models import Mail, Mailbox
from portavoce.channels.email.tokens import ThreadKeys, issue
from portavoce.channels.email.turns import TOPIC
from portavoce.conversations.events import MessageQueued
from portavoce.conversations.models import Conversation, Message
from portavoce.core.outbox import enqueue
from portavoce.customers.models import CustomerIdentity

# The message first, then its mail: joined, PostgreSQL may walk through all mails of the brand.
LAST_RECEIVED = select(Mail).where(
    Mail.message_id
    == select(Message.id)
    .where(
        Message.conversation_id == bindparam("conversation"),
        Message.direction == "in",
        Message.channel == "email",
    )
    .order_by(Message.other_sender, Message.automatic, Message.at.desc(), Message.id.desc())
    .limit(1)
    .scalar_subquery()
)

KNOWN = (
    select(CustomerIdentity.value)
    .where(CustomerIdentity.customer_id == bindparam("customer_id"), CustomerIdentity.channel == "email")
    .order_by(CustomerIdentity.created_at, CustomerIdentity.id)
    .limit(1)
)
NOWHERE = "No mail address of this customer is known. Add one first."


def address_and_enqueue(keys: ThreadKeys) -> Callable[[AsyncSession, MessageQueued], Awaitable[None]]:
    """The reaction with the keys that sign thread tokens. A second queueing keeps the first Message-ID."""

    async def react(db: AsyncSession, event: MessageQueued) -> None:
        message = event.message
        if message.channel != "email":
            return
        if not event.again:
            with db.no_autoflush:  # the message leaves with its envelope, in one statement
                db.add(await _envelope(db, message, keys))
        enqueue(db, TOPIC, message.id, run_at=None if event.again else message.leaves_at)

    return react


async def _envelope(db: AsyncSession, message: Message, keys: ThreadKeys) -> Mail:
    last = await _last_received(db, message.conversation_id)
    if last is None:
        mailbox, to_address = await _first_mail(db, message)
    else:
        mailbox, to_address = (
            await db.get_one(Mailbox, (message.brand_id, last.mailbox_id)),
            last.from_address,
        )
    token = issue(keys, message.brand_id, message.conversation_id)
    return Mail(
        message_id=message.id,
        mailbox_id=mailbox.id,
        rfc_id=new_message_id(token, message.id, mailbox.address.rpartition("@")[2]),
        in_reply_to=last.rfc_id if last else None,
        refs=" ".join([*last.refs.split(), last.rfc_id]) if last else "",
        from_address=mailbox.address,
        from_name=mailbox.display_name,
        to_address=to_address,
    )


async def _first_mail(db: AsyncSession, message: Message) -> tuple[Mailbox, str]:
    """In a thread into which no mail ever came, as after a call: from the line's address to the oldest one known."""
    thread = await db.get_one(Conversation, (message.brand_id, message.conversation_id))
    mailbox = await mailbox_of_line(db, thread.lob_id)
    to_address = await db.scalar(KNOWN, {"customer_id": thread.customer_id})
    if mailbox is None or to_address is None:
        raise Nowhere(NOWHERE)
    return mailbox, to_address


async def _last_received(db: AsyncSession, conversation_id: UUID) -> Mail | None:
    """What the thread's customer wrote last; a machine's mail is answered only when there is nothing else.

    Whoever else came in by a token is never answered by it: nobody takes a thread over.
    """
    return (await db.scalars(LAST_RECEIVED, {"conversation": conversation_id})).one_or_none()
