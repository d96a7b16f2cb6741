"""What could not become a conversation is kept, listed with its reason, and can be released by a person."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email.charsets import storable
from portavoce.channels.email.letters import Letter
from portavoce.channels.email.models import InboundEvent
from portavoce.core import metrics
from portavoce.core.storage import file_row
from portavoce.core.unit import new_id, poke, written_brand
from portavoce.ledger.facts import record

SHOWN = 200


class Quarantined(NamedTuple):
    id: UUID
    received_at: datetime
    sender: str
    subject: str
    reason: str | None
    file_id: UUID | None


async def put_aside(db: AsyncSession, letter: Letter, reason: str) -> None:
    metrics.MAILS.labels("quarantined", "unexpected" if reason.startswith("unexpected") else reason).inc()
    raw = file_row(db, letter.file_key, letter.arrival.raw, "message/rfc822")
    entry = inbound_row(db, letter, raw.id, "quarantined", reason=reason)
    db.add(entry)
    record(db, "mail.quarantined", reason=reason, inbound=entry.id)
    poke(db, "quarantine", entry.brand_id, entry.id)


def inbound_row(
    db: AsyncSession,
    letter: Letter,
    file_id: UUID,
    state: str,
    *,
    reason: str | None = None,
    message_id: UUID | None = None,
) -> InboundEvent:
    return InboundEvent(
        brand_id=written_brand(db),
        id=new_id(db),
        endpoint_id=letter.recipient.endpoint_id,
        dedupe_key=letter.dedupe_key,
        file_id=file_id,
        sender=storable(
            (letter.parsed.from_address if letter.parsed else "") or letter.arrival.envelope_from
        ),
        subject=storable(letter.parsed.subject if letter.parsed else ""),
        received_at=letter.arrival.received_at,
        state=state,
        reason=reason,
        message_id=message_id,
    )


async def quarantined(db: AsyncSession) -> list[Quarantined]:
    """What waits for a person, newest first."""
    query = (
        select(
            InboundEvent.id,
            InboundEvent.received_at,
            InboundEvent.sender,
            InboundEvent.subject,
            InboundEvent.reason,
            InboundEvent.file_id,
        )
        .where(InboundEvent.state == "quarantined")
        .order_by(InboundEvent.received_at.desc())
        .limit(SHOWN)
    )
    return [Quarantined(*row) for row in await db.execute(query)]


async def quarantined_count(db: AsyncSession) -> int:
    query = select(func.count(InboundEvent.id)).where(InboundEvent.state == "quarantined")
    return (await db.execute(query)).scalar_one()
