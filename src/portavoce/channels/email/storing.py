"""The rows of a mail beside its message: what arrived, its envelope and ids, its files."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email.letters import Letter, Reading
from portavoce.channels.email.mail import Attachment as MailPart
from portavoce.channels.email.mail import ParsedMail
from portavoce.channels.email.models import Mail, Mailbox
from portavoce.channels.email.quarantine import inbound_row
from portavoce.conversations.models import Attachment, Message
from portavoce.core.storage import file_row
from portavoce.core.unit import new_id


def store(
    db: AsyncSession, letter: Letter, reading: Reading, message: Message, mailbox: Mailbox, *, name: str, address: str
) -> None:  # fmt: skip
    """`name` and `address`: whose mail it is, which for a web form is not who sent it."""
    raw = file_row(db, letter.file_key, letter.arrival.raw, "message/rfc822")
    db.add(inbound_row(db, letter, raw.id, "done", message_id=message.id))
    db.add(_mail_row(message, mailbox, reading.mail, name, address, raw.id))
    for key, part in reading.files:
        _attach(db, message, key, part)


def store_again(db: AsyncSession, letter: Letter, message: Message) -> None:
    """What arrived is kept, and belongs to a message that is there already."""
    raw = file_row(db, letter.file_key, letter.arrival.raw, "message/rfc822")
    db.add(inbound_row(db, letter, raw.id, "done", message_id=message.id))


def _mail_row(
    message: Message, mailbox: Mailbox, mail: ParsedMail, name: str, address: str, file_id: UUID
) -> Mail:
    return Mail(
        message_id=message.id,
        mailbox_id=mailbox.id,
        rfc_id=mail.message_id,
        in_reply_to=mail.in_reply_to or None,
        refs=" ".join(mail.references),
        from_address=address,
        from_name=name,
        to_address=mailbox.address,
        file_id=file_id,
    )


def _attach(db: AsyncSession, message: Message, key: str, part: MailPart) -> None:
    file = file_row(db, key, part.data, part.media_type)
    db.add(
        Attachment(
            id=new_id(db),
            message_id=message.id,
            file_id=file.id,
            name=part.name,
            media_type=part.media_type,
            size=len(part.data),
            content_id=part.content_id or None,
            inline=part.inline,
        )
    )
