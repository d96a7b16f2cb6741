"""What became of an outgoing message. `sent` stops the first-response clock: it counts when it truly left."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.errors import NotUncertain
from portavoce.conversations.events import FirstResponded, MessageQueued
from portavoce.conversations.models import Interaction, Message
from portavoce.conversations.queries import interaction as load
from portavoce.conversations.queries import lob_of
from portavoce.conversations.queries import message as load_message
from portavoce.core import metrics
from portavoce.core.unit import emit, now, poke
from portavoce.ledger.facts import record

BROKEN = "The connection dropped at the end: it may or may not have arrived."
RESTORED = "The system was restored from a backup: it may or may not have arrived."


async def mark_sending(db: AsyncSession, message: Message) -> None:
    """The final dot is about to be written: from here on a crash means uncertain, never a second mail."""
    message.state = "sending"


async def mark_waiting(db: AsyncSession, message: Message, why: str) -> None:
    """It has not left and is tried again by itself; the agent sees why. No fact: nothing became of it yet."""
    if message.state == "queued" and message.failure != why:
        message.failure = why
        poke(db, "interaction", message.brand_id, message.interaction_id)


async def mark_sent(db: AsyncSession, message: Message) -> None:
    interaction = await load(db, message.interaction_id)
    before, message.state, message.failure = message.state, "sent", None
    # The worker's clock may be behind that of the process that took the text.
    message.sent_at = max(now(db), message.at)
    first = interaction.first_response_at is None and not message.automatic
    if first:
        interaction.first_response_at = message.sent_at
    _tell(db, message, interaction, before, "message.sent")
    if first:
        await emit(db, FirstResponded(interaction, message.sent_at))


async def mark_failed(db: AsyncSession, message: Message, why: str) -> None:
    interaction = await load(db, message.interaction_id)
    before, message.state, message.failure = message.state, "failed", why
    _tell(db, message, interaction, before, "message.failed")


async def mark_uncertain(db: AsyncSession, message: Message, why: str = BROKEN) -> None:
    """As when the connection dropped after the final dot. No machine resends it; an agent may, once."""
    if message.state == "uncertain":
        return
    interaction = await load(db, message.interaction_id)
    before, message.state = message.state, "uncertain"
    message.failure = why
    _tell(db, message, interaction, before, "message.uncertain")


async def resend(db: AsyncSession, message_id: UUID, *, by: BrandAgent) -> Message:
    """Send a failed message again, or an uncertain one once, under the same Message-ID."""
    message = await load_message(db, message_id)
    await requeue(db, message, by=by)
    await emit(db, MessageQueued(message, again=True))
    return message


async def requeue(db: AsyncSession, message: Message, *, by: BrandAgent | None = None) -> None:
    """The message waits again to be sent, without a word to whoever sends; an uncertain one only once.

    Without `by` it was an administrator, whom the brand does not know.
    """
    if message.state not in ("failed", "uncertain"):
        raise NotUncertain("This message is on its way or has arrived.")
    if message.state == "uncertain":
        if message.resent_at is not None:
            raise NotUncertain(
                "This message was sent a second time already. Ask the customer before a third."
            )
        message.resent_at = now(db)
    before, message.state, message.failure = message.state, "queued", None
    record(
        db,
        "message.requeued",
        actor=str(by.id) if by else "admin",
        lob_id=await lob_of(db, message.interaction_id),
        interaction_id=message.interaction_id,
        brand_agent_id=by.id if by else None,
        from_state=before,
        to_state="queued",
        message=message.id,
    )
    poke(db, "interaction", message.brand_id, message.interaction_id)


def _tell(db: AsyncSession, message: Message, interaction: Interaction, before: str, kind: str) -> None:
    metrics.DELIVERIES.labels(message.state).inc()
    record(
        db,
        kind,
        at=message.sent_at if kind == "message.sent" else None,
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=message.brand_agent_id,
        from_state=before,
        to_state=message.state,
        message=message.id,
        channel=message.channel,
        automatic=message.automatic,
    )
    poke(db, "interaction", message.brand_id, interaction.id)
    poke(db, "queue", message.brand_id, interaction.id)
