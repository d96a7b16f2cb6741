"""A person decides that a quarantined mail is a contact after all."""

from __future__ import annotations

import asyncio
import re
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.channels.email.errors import Unparsable
from portavoce.channels.email.mailboxes import mailbox_of
from portavoce.channels.email.models import InboundEvent, Mail
from portavoce.channels.email.parsing import parse
from portavoce.conversations.errors import NoInteraction
from portavoce.conversations.models import Attachment, Message
from portavoce.conversations.receiving import Inbound, receive
from portavoce.core.models import StoredFile
from portavoce.core.storage import Storage
from portavoce.core.unit import new_id, written_brand
from portavoce.customers.finding import find_or_create
from portavoce.kit.addresses import BadAddress, mail_address

UNKNOWN = "unknown.sender@mail.invalid"
_ADDRESS = re.compile(r"[^\s<>\"',;:]+@[A-Za-z0-9.-]+")


async def release(db: AsyncSession, inbound_id: UUID, storage: Storage, *, by: str) -> Message:
    """File it as a new conversation, the original attached; what can be read is shown, the rest is in the file."""
    event = await _waiting(db, inbound_id)
    raw = await db.get_one(StoredFile, (written_brand(db), event.file_id))
    text = await asyncio.to_thread(_text, storage.read(raw))
    mailbox = await mailbox_of(db, event.endpoint_id)
    sender = _usable(event.sender)
    customer = await find_or_create(db, "email", sender, event.sender, "it")
    message = await receive(
        db,
        Inbound(
            channel="email",
            lob_id=mailbox.lob_id,
            customer=customer,
            author=event.sender or sender,
            subject=event.subject,
            body=text,
        ),
    )
    db.add(
        Mail(
            message_id=message.id,
            mailbox_id=mailbox.id,
            rfc_id=f"<{event.id}@released.invalid>",
            refs="",
            from_address=sender,
            from_name="",
            to_address=mailbox.address,
            file_id=raw.id,
        )
    )
    db.add(
        Attachment(
            id=new_id(db),
            message_id=message.id,
            file_id=raw.id,
            name="original.eml",
            media_type="message/rfc822",
            size=raw.size,
        )
    )
    event.state, event.message_id = "released", message.id
    audit(db, by, "mail.released", "inbound_event", event.id)
    return message


async def _waiting(db: AsyncSession, inbound_id: UUID) -> InboundEvent:
    query = select(InboundEvent).where(InboundEvent.id == inbound_id, InboundEvent.state == "quarantined")
    event = (await db.scalars(query.with_for_update())).one_or_none()
    if event is None:
        raise NoInteraction("This mail is not in quarantine any more.")
    return event


def _text(raw: bytes) -> str:
    try:
        return parse(raw).text
    except Unparsable as error:
        return f"This mail could not be read ({error.reason}). The original is attached."


def _usable(sender: str) -> str:
    found = _ADDRESS.search(sender)
    try:
        return mail_address(found[0]) if found else UNKNOWN
    except BadAddress:
        return UNKNOWN
