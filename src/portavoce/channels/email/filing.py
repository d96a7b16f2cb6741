"""A readable mail finds its customer and its thread, inside one brand's transaction."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from portavoce.brands.models import BrandSignal
from portavoce.brands.signals import ADDED, ADDRESS_OF
from portavoce.brands.traces import address_keys
from portavoce.channels.email.bouncing import note_bounce
from portavoce.channels.email.letters import Letter, Reading
from portavoce.channels.email.mail import ParsedMail
from portavoce.channels.email.models import InboundEvent, Mail, Mailbox
from portavoce.channels.email.native import take_if_native
from portavoce.channels.email.quarantine import put_aside
from portavoce.channels.email.storing import store
from portavoce.channels.email.tokens import ThreadKeys, find
from portavoce.conversations.models import Conversation, Message
from portavoce.conversations.receiving import Inbound, receive
from portavoce.conversations.threads.models import ThreadSplit
from portavoce.core.unit import written_brand
from portavoce.customers.errors import UnusableIdentity
from portavoce.customers.finding import find as find_customer
from portavoce.customers.finding import newcomer
from portavoce.customers.models import Customer

SPLIT_OFF = aliased(Conversation)
# Built once: building a statement costs more than running it.
MAILBOX = select(
    Mailbox,
    exists(InboundEvent.id)
    .where(
        InboundEvent.endpoint_id == bindparam("endpoint_id"),
        InboundEvent.dedupe_key == bindparam("dedupe_key"),
    )
    .label("filed_already"),
    exists(BrandSignal.id)
    .where(
        BrandSignal.brand_id == Mailbox.brand_id,
        BrandSignal.key == any_(bindparam("sender", type_=ARRAY(Text))),
        BrandSignal.origin.in_((ADDRESS_OF, ADDED)),
    )
    .label("of_the_brand"),
).where(Mailbox.endpoint_id == bindparam("endpoint_id"))
ANSWERED = (
    select(Message.conversation_id)
    .join(Mail, (Mail.brand_id == Message.brand_id) & (Mail.message_id == Message.id))
    .join(
        ThreadSplit,
        (ThreadSplit.brand_id == Message.brand_id) & (ThreadSplit.into_id == Message.conversation_id),
    )
    .join(SPLIT_OFF, (SPLIT_OFF.brand_id == Message.brand_id) & (SPLIT_OFF.id == Message.conversation_id))
    .where(
        Mail.rfc_id == bindparam("answers"),
        SPLIT_OFF.customer_id == bindparam("customer_id"),
        ThreadSplit.undone_at.is_(None),
    )
    .limit(1)
    .scalar_subquery()
)
THREAD = select(Conversation).where(
    Conversation.id == func.coalesce(ANSWERED, bindparam("conversation_id", type_=Uuid()))
)


class Place(NamedTuple):
    """Where a mail was sent to. `of_the_brand`: it says that it is from an address or domain that marks the brand."""

    mailbox: Mailbox
    filed_already: bool
    of_the_brand: bool


async def mailbox_for(db: AsyncSession, letter: Letter) -> Place:
    wanted = {
        "endpoint_id": letter.recipient.endpoint_id,
        "dedupe_key": letter.dedupe_key,
        "sender": address_keys(letter.parsed.from_address) if letter.parsed else [],
    }
    return Place._make((await db.execute(MAILBOX, wanted)).one())


async def file_letter(
    db: AsyncSession, letter: Letter, reading: Reading, place: Place, keys: ThreadKeys, deployment: str, server: str
) -> bool:  # fmt: skip
    """File it; returns whether it carried a genuine token of another brand (which was ignored)."""
    mail = reading.mail
    found = find(mail, letter.recipient.tag, keys, written_brand(db))
    if mail.deployment and mail.deployment == deployment:
        await put_aside(db, letter, "our own mail came back")
    elif mail.bounce is not None:
        if not await note_bounce(db, letter, mail):
            await put_aside(db, letter, "report about a mail we do not know")
    else:
        try:
            await _deliver(db, letter, reading, place, found.conversation_id, server)
        except UnusableIdentity:
            await put_aside(db, letter, "no usable sender address")
    return found.foreign


async def _deliver(
    db: AsyncSession,
    letter: Letter,
    reading: Reading,
    place: Place,
    conversation_id: UUID | None,
    server: str,
) -> None:
    if place.of_the_brand and await take_if_native(
        db, letter, reading, place.mailbox, conversation_id, server
    ):
        return
    with db.no_autoflush:  # all new rows leave in one statement, at the end
        await deliver_to_thread(db, letter, reading, place.mailbox, conversation_id)


async def deliver_to_thread(
    db: AsyncSession, letter: Letter, reading: Reading, mailbox: Mailbox, conversation_id: UUID | None
) -> Message:
    """Store the mail as a message of its thread, with its attachments and its raw file."""
    mail = reading.mail
    name, address = _customer(mail, mailbox)
    customer = await find_customer(db, "email", address) or newcomer(db, "email", address, name, "it")
    conversation = await _thread(db, conversation_id, mail, customer)
    message = await receive(
        db,
        Inbound(
            channel="email",
            lob_id=mailbox.lob_id,
            customer=customer,
            author=_author(name, address, customer, conversation),
            subject=mail.subject,
            body=reading.words.visible,
            quoted=reading.words.quoted,
            html=mail.html,
            automatic=mail.automatic,
            conversation=conversation,
        ),
    )
    store(db, letter, reading, message, mailbox, name=name, address=address)
    return message


async def _thread(
    db: AsyncSession, conversation_id: UUID | None, mail: ParsedMail, customer: Customer
) -> Conversation | None:
    """The token opens its thread to whoever was given it. Plain ids travel in every copy: for the customer only.

    A mail of the customer's that answers one which was split off goes after it: the tokens in its references are older.
    """
    if conversation_id is not None:
        answers = mail.in_reply_to or next(reversed(mail.references), None)
        wanted = {"conversation_id": conversation_id, "answers": answers, "customer_id": customer.id}
        known = (await db.scalars(THREAD, wanted)).one_or_none()
        if known is not None:
            return known
    ids = [one for one in (mail.in_reply_to, *reversed(mail.references)) if one]
    if not ids:
        return None
    query = (
        select(Conversation)
        .join(
            Message,
            (Message.brand_id == Conversation.brand_id) & (Message.conversation_id == Conversation.id),
        )
        .join(Mail, (Mail.brand_id == Message.brand_id) & (Mail.message_id == Message.id))
        .where(Mail.rfc_id.in_(ids), Conversation.customer_id == customer.id)
        .order_by(Message.at.desc())
        .limit(1)
    )
    return (await db.scalars(query)).one_or_none()


def _customer(mail: ParsedMail, mailbox: Mailbox) -> tuple[str, str]:
    """A web form writes as the brand itself and names the customer in Reply-To."""
    own_domain = mailbox.address.rpartition("@")[2]
    if mail.reply_to and mail.from_address.rpartition("@")[2] == own_domain:
        return "", mail.reply_to
    return mail.from_name, mail.from_address


def _author(name: str, address: str, customer: Customer, conversation: Conversation | None) -> str:
    """A name can be anybody's: in the thread of somebody else the address stands beside it."""
    if conversation is None or conversation.customer_id == customer.id:
        return name or address
    return f"{name} <{address}>" if name else address
