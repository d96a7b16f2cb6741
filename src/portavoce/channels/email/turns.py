"""Answers of one conversation leave in the order in which they were written: one that was put off holds the next.

One whose writer wants it to leave later holds nobody until then.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.models import Message
from portavoce.core.models import Outbox
from portavoce.core.unit import now

TOPIC = "email.deliver"
UNDER_WAY = ("queued", "sending")


async def others_first(db: AsyncSession, message: Message) -> bool:
    """Whether an earlier answer of the conversation has not left, and was not given up either."""
    query = select(Message.id).where(
        Message.conversation_id == message.conversation_id,
        Message.channel == message.channel,
        Message.direction == "out",
        Message.state.in_(UNDER_WAY),
        _due(db),
        (Message.at < message.at) | ((Message.at == message.at) & (Message.id < message.id)),
    )
    return await db.scalar(query.limit(1)) is not None


async def call_the_next(db: AsyncSession, conversation_id: UUID) -> None:
    """What waited for this one need not wait for its own pause."""
    query = select(Message.id).where(
        Message.conversation_id == conversation_id,
        Message.direction == "out",
        Message.state == "queued",
        _due(db),
    )
    waiting = list((await db.scalars(query)).all())
    if waiting:
        await db.execute(
            update(Outbox)
            .where(Outbox.topic == TOPIC, Outbox.state == "pending", Outbox.ref_id.in_(waiting))
            .values(run_at=now(db))
        )


def _due(db: AsyncSession) -> ColumnElement[bool]:
    return or_(Message.leaves_at.is_(None), Message.leaves_at <= now(db))
