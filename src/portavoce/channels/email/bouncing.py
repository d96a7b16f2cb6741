"""A report about a mail of ours ends on the message it is about."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email.letters import Letter
from portavoce.channels.email.mail import ParsedMail
from portavoce.channels.email.models import Mail
from portavoce.channels.email.quarantine import inbound_row
from portavoce.conversations.delivery import mark_failed
from portavoce.conversations.models import Message
from portavoce.core.storage import file_row

FINAL = ("hard", "policy", "unknown")


async def note_bounce(db: AsyncSession, letter: Letter, mail: ParsedMail) -> bool:
    """True when the report names a message of this brand; a final failure marks it failed, with the words."""
    assert mail.bounce is not None
    message = await _reported(db, mail.bounce.original_message_id)
    if message is None:
        return False
    raw = file_row(db, letter.file_key, letter.arrival.raw, "message/rfc822")
    db.add(inbound_row(db, letter, raw.id, "bounce", reason=mail.bounce.kind, message_id=message.id))
    if mail.bounce.kind in FINAL and message.state in ("sent", "uncertain"):
        words = next((one.diagnostic or one.status for one in mail.bounce.recipients), "")
        await mark_failed(db, message, f"The customer's mail server returned it. {words}".strip())
    return True


async def _reported(db: AsyncSession, rfc_id: str) -> Message | None:
    if not rfc_id:
        return None
    query = (
        select(Message)
        .join(Mail, (Mail.brand_id == Message.brand_id) & (Mail.message_id == Message.id))
        .where(Mail.rfc_id == rfc_id, Message.direction == "out")
        .with_for_update(of=Message)
    )
    return (await db.scalars(query)).one_or_none()
