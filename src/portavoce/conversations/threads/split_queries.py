"""What may be split from a contact, and what was: read for the dialog, the verb and the timeline alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import and_, bindparam, case, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from portavoce.agents.models import BrandAgent
from portavoce.conversations.joins import on
from portavoce.conversations.models import Attachment, Conversation, Interaction, Message
from portavoce.conversations.thread_rows import SplitRow
from portavoce.conversations.threads.models import ThreadSplit
from portavoce.ledger.models import Ticket

EXCERPT = 300
UNSAID = ("failed", "withdrawn")
"""States of an answer that never reached the customer."""


class MovableRow(msgspec.Struct, frozen=True):
    """A message that may become another contact. `answered`: an answer was written after it; `files`: how many."""

    id: UUID
    at: datetime
    author: str
    subject: str
    excerpt: str
    files: int
    answered: bool


ANSWER = aliased(Message)
ANSWERED = exists().where(
    ANSWER.brand_id == Message.brand_id,
    ANSWER.interaction_id == Message.interaction_id,
    ANSWER.direction == "out",
    ANSWER.automatic.is_(False),
    ANSWER.state.not_in(UNSAID),
    ANSWER.at >= Message.at,
)
FILES = (
    select(func.count())
    .where(Attachment.brand_id == Message.brand_id, Attachment.message_id == Message.id)
    .correlate(Message)
    .scalar_subquery()
)
# Built once: building a statement costs more than running it.
MOVABLE = (
    select(Message.id, Message.at, Message.author, Message.subject, func.left(Message.body, EXCERPT), FILES, ANSWERED)
    .where(
        Message.interaction_id == bindparam("interaction_id"),
        Message.direction == "in",
        Message.automatic.is_(False),
        Message.other_sender.is_(False),
    )
    .order_by(Message.at, Message.id)
)  # fmt: skip
OTHER = and_(
    Interaction.brand_id == ThreadSplit.brand_id,
    Interaction.id
    == case(
        (ThreadSplit.into_id == bindparam("conversation_id"), ThreadSplit.left_id),
        else_=ThreadSplit.opened_id,
    ),
)
SPLITS = (
    select(
        ThreadSplit.id,
        ThreadSplit.at,
        ThreadSplit.undone_at,
        ThreadSplit.messages,
        (ThreadSplit.into_id == bindparam("conversation_id")).label("came"),
        ThreadSplit.opened_id,
        Interaction.id.label("other_id"),
        Ticket.number,
        Conversation.subject,
        BrandAgent.alias,
    )
    .select_from(ThreadSplit)
    .join(Interaction, OTHER)
    .join(Conversation, on(Conversation, Conversation.id, Interaction.conversation_id))
    .join(BrandAgent, on(BrandAgent, BrandAgent.id, ThreadSplit.brand_agent_id))
    .outerjoin(Ticket, on(Ticket, Ticket.interaction_id, Interaction.id))
    .where(
        (ThreadSplit.conversation_id == bindparam("conversation_id"))
        | (ThreadSplit.into_id == bindparam("conversation_id"))
    )
    .order_by(ThreadSplit.at, ThreadSplit.id)
)


async def movable(db: AsyncSession, interaction_id: UUID) -> Sequence[MovableRow]:
    """What the thread's own customer wrote to this contact, oldest first: not a machine, nor whoever else took part."""
    rows: Any = await db.execute(MOVABLE, {"interaction_id": interaction_id})
    return [MovableRow(*row) for row in rows]


async def splits_of(db: AsyncSession, conversation_id: UUID) -> tuple[SplitRow, ...]:
    """Out of this thread and into it, in the order in which they were done."""
    rows: Any = await db.execute(SPLITS, {"conversation_id": conversation_id})
    return tuple(SplitRow(*row) for row in rows)
