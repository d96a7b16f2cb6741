"""Each address of a brand at a glance: does mail come in, do replies leave, and if not, what is wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email.checking import Check, latest_checks
from portavoce.channels.email.models import InboundEvent, Mail, Mailbox
from portavoce.conversations.models import Message
from portavoce.core.unit import now
from portavoce.kit.ids import earliest

LOOKED_BACK = timedelta(days=7)
"""For replies: what is older tells nothing of today's health."""
QUIET_AFTER = timedelta(days=7)
FAILURES_WITHIN = timedelta(hours=24)
WAITS_TOO_LONG = timedelta(minutes=15)
WAITING = ("queued", "sending")
FAILED = ("failed", "uncertain")


class Outgoing(NamedTuple):
    last_sent: datetime | None = None
    failures: int = 0
    waiting: int = 0
    oldest_waiting: datetime | None = None


class Health(NamedTuple):
    """`state` is ok, quiet or failing; `because` says why: check, failures, waiting, silence or nothing at all."""

    mailbox_id: UUID
    address: str
    display_name: str
    last_received: datetime | None
    quarantined: int
    outgoing: Outgoing
    check: Check | None
    state: str
    because: str


def judged(
    *, last_received: datetime | None, outgoing: Outgoing, check: Check | None, at: datetime
) -> tuple[str, str]:
    """State and why. What fails now comes before what failed, and that before silence."""
    if check is not None and check.state == "failed":
        return "failing", "check"
    if outgoing.oldest_waiting is not None and at - outgoing.oldest_waiting > WAITS_TOO_LONG:
        return "failing", "waiting"
    if outgoing.failures:
        return "failing", "failures"
    if last_received is None or at - last_received > QUIET_AFTER:
        return "quiet", "silence"
    return "ok", ""


async def health_of(db: AsyncSession) -> list[Health]:
    """Every address of the one brand in scope, in four statements however many there are."""
    at = now(db)
    outgoing, quarantined, checks = await _outgoing(db, at), await _quarantined(db), await latest_checks(db)
    found = []
    for mailbox_id, endpoint_id, address, name, received in await _mailboxes(db):
        leaves, check = outgoing.get(mailbox_id, Outgoing()), checks.get(mailbox_id)
        state, because = judged(last_received=received, outgoing=leaves, check=check, at=at)
        held = quarantined.get(endpoint_id, 0)
        found.append(Health(mailbox_id, address, name, received, held, leaves, check, state, because))
    return found


async def _mailboxes(db: AsyncSession) -> list[tuple[UUID, UUID, str, str, datetime | None]]:
    received = (
        select(func.max(InboundEvent.received_at))
        .where(InboundEvent.brand_id == Mailbox.brand_id, InboundEvent.endpoint_id == Mailbox.endpoint_id)
        .correlate(Mailbox)
        .scalar_subquery()
    )
    columns = (Mailbox.id, Mailbox.endpoint_id, Mailbox.address, Mailbox.display_name)
    rows = await db.execute(select(*columns, received).order_by(Mailbox.address))
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


async def _quarantined(db: AsyncSession) -> dict[UUID, int]:
    query = select(InboundEvent.endpoint_id, func.count()).where(InboundEvent.state == "quarantined")
    return {row[0]: row[1] for row in await db.execute(query.group_by(InboundEvent.endpoint_id))}


async def _outgoing(db: AsyncSession, at: datetime) -> dict[UUID, Outgoing]:
    waits = Message.state.in_(WAITING)
    failed = Message.state.in_(FAILED) & (Message.at > at - FAILURES_WITHIN)
    query = (
        select(
            Mail.mailbox_id,
            func.max(Message.sent_at),
            func.count().filter(failed),
            func.count().filter(waits),
            func.min(Message.at).filter(waits),
        )
        .join(Message, (Message.brand_id == Mail.brand_id) & (Message.id == Mail.message_id))
        .where(Message.id >= earliest(at - LOOKED_BACK), Message.direction == "out")
        .group_by(Mail.mailbox_id)
    )
    return {row[0]: Outgoing(*row[1:]) for row in await db.execute(query)}
