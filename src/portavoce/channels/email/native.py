"""A mail in which somebody of the brand answered its customer out of their own mailbox, with us among the readers.

It is one only if all of this holds: a person wrote it; the mail server in front proves that it is from an address or a
domain that marks the brand; it belongs to a thread of the brand, by an id of that thread's mails or by its token; and it
went to that thread's customer. Everything else is a mail as any other: what only says it is from the brand must not look
like its word, and what the brand wrote to us alone wants an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Exists, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email.authenticity import proves
from portavoce.channels.email.letters import Letter, Reading
from portavoce.channels.email.mail import ParsedMail
from portavoce.channels.email.models import Mail, Mailbox
from portavoce.channels.email.storing import store, store_again
from portavoce.conversations.models import Conversation, Message
from portavoce.conversations.native_answers import NativeAnswer, take_native
from portavoce.customers.models import CustomerIdentity

CHANNEL = "email"


async def take_if_native(
    db: AsyncSession, letter: Letter, reading: Reading, mailbox: Mailbox, conversation_id: UUID | None, server: str
) -> bool:  # fmt: skip
    """Whether it was one, and is stored. It says that it is from the brand; `server` is ours that can prove it."""
    mail = reading.mail
    if mail.automatic or _is_form(mail) or not proves(mail.found, server, mail.from_address):
        return False
    thread = await _thread(db, mail, conversation_id)
    if thread is None:
        return False
    taken = await take_native(
        db,
        NativeAnswer(
            conversation=thread,
            channel=CHANNEL,
            key=letter.dedupe_key,
            author=_name(mail),
            body=reading.words.visible,
            quoted=reading.words.quoted,
            html=mail.html,
        ),
    )
    if taken.is_new:
        store(db, letter, reading, taken.message, mailbox, name=mail.from_name, address=mail.from_address)
    else:
        store_again(db, letter, taken.message)
    return True


def _is_form(mail: ParsedMail) -> bool:
    """A web form writes as the brand and names the customer in Reply-To."""
    domain = mail.from_address.rpartition("@")[2]
    return bool(mail.reply_to) and mail.reply_to.rpartition("@")[2] != domain


def _name(mail: ParsedMail) -> str:
    """Nothing that holds an address: agents need not know where the client's people can be written to."""
    return "" if "@" in mail.from_name else mail.from_name


async def _thread(db: AsyncSession, mail: ParsedMail, conversation_id: UUID | None) -> Conversation | None:
    """With whose customer among the readers. The mail that is answered tells best: it may have been split off since."""
    ids = [one for one in (mail.in_reply_to, *mail.references) if one]
    to_its_customer = _knows([*mail.to, *mail.cc]) & ~_knows([mail.from_address])
    query = (
        select(Conversation)
        .join(
            Message,
            (Message.brand_id == Conversation.brand_id) & (Message.conversation_id == Conversation.id),
        )
        .join(Mail, (Mail.brand_id == Message.brand_id) & (Mail.message_id == Message.id))
        .where(Mail.rfc_id.in_(ids), to_its_customer)
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(1)
    )
    found = (await db.scalars(query)).one_or_none() if ids else None
    if found is not None or conversation_id is None:
        return found
    named = select(Conversation).where(Conversation.id == conversation_id, to_its_customer)
    return (await db.scalars(named)).one_or_none()


def _knows(addresses: Sequence[str]) -> Exists:
    """Whether one of these is the customer's: the brand's people are customers of it too, and write as such."""
    return exists().where(
        CustomerIdentity.brand_id == Conversation.brand_id,
        CustomerIdentity.customer_id == Conversation.customer_id,
        CustomerIdentity.channel == CHANNEL,
        CustomerIdentity.value.in_(addresses),
    )
