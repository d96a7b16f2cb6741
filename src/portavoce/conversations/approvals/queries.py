"""Replies that wait for the client: the open one of a contact, those of a brand, one of them with what it answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Exists, Select, bindparam, exists, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from portavoce.conversations.approvals.errors import NoApproval
from portavoce.conversations.approvals.models import ReplyApproval
from portavoce.conversations.joins import on
from portavoce.conversations.models import Message
from portavoce.core.unit import written_brand
from portavoce.ledger.models import Ticket

LONGEST_LIST = 200
ENDED = 20
SAID = aliased(Message)
OPEN = select(ReplyApproval).where(
    ReplyApproval.interaction_id == bindparam("interaction_id"), ReplyApproval.state == "open"
)
OF_A_MESSAGE = select(ReplyApproval.id).where(
    ReplyApproval.message_id == bindparam("message_id"), ReplyApproval.state == "open"
)


class ApprovalRow(msgspec.Struct, frozen=True):
    """As the client's people see it. `older`: the customer has written again since the reply was written."""

    id: UUID
    ticket: int | None
    conversation_id: UUID
    author: str
    text: str
    why: str
    state: str
    asked_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    comment: str | None
    older: bool

    @property
    def in_time(self) -> bool | None:
        """Of a decided one with a target; None else."""
        if self.state not in ("approved", "returned") or self.due_at is None or self.ended_at is None:
            return None
        return self.ended_at <= self.due_at


class SaidRow(msgspec.Struct, frozen=True):
    """A word of the customer."""

    body: str
    at: datetime


async def open_approvals(db: AsyncSession) -> list[ApprovalRow]:
    """Of the one brand in scope, soonest due first, then the longest asked."""
    query = _rows().where(ReplyApproval.state == "open")
    query = query.order_by(ReplyApproval.due_at.asc().nulls_last(), ReplyApproval.asked_at)
    return [ApprovalRow(*row) for row in await db.execute(query.limit(LONGEST_LIST))]


async def ended_approvals(db: AsyncSession) -> list[ApprovalRow]:
    """The last ones that were decided or taken back."""
    query = _rows().where(ReplyApproval.ended_at.is_not(None))
    query = query.order_by(ReplyApproval.ended_at.desc(), ReplyApproval.id.desc())
    return [ApprovalRow(*row) for row in await db.execute(query.limit(ENDED))]


async def approval_row(db: AsyncSession, approval_id: UUID) -> ApprovalRow:
    """NoApproval when the brand in scope has none."""
    row = (await db.execute(_rows().where(ReplyApproval.id == approval_id))).one_or_none()
    if row is None:
        raise NoApproval("This page does not exist.")
    return ApprovalRow(*row)


async def last_word(db: AsyncSession, conversation_id: UUID) -> SaidRow | None:
    """What the customer wrote last in the thread; what machines sent does not count."""
    query = (
        select(Message.body, Message.at)
        .where(
            Message.conversation_id == conversation_id,
            Message.direction == "in",
            Message.automatic.is_(False),
        )
        .order_by(Message.at.desc(), Message.id.desc())
    )
    row = (await db.execute(query.limit(1))).one_or_none()
    return None if row is None else SaidRow(row.body, row.at)


async def open_approval(db: AsyncSession, interaction_id: UUID) -> ReplyApproval | None:
    """The row, as it stands now; behind the lock of its contact nobody else writes it."""
    fresh = OPEN.execution_options(populate_existing=True)
    return (await db.scalars(fresh, {"interaction_id": interaction_id})).one_or_none()


async def awaits(db: AsyncSession, message_id: UUID) -> bool:
    """Whether the message waits for the client; nothing is locked."""
    return await db.scalar(OF_A_MESSAGE, {"message_id": message_id}) is not None


async def contact_of(db: AsyncSession, approval_id: UUID) -> tuple[UUID, UUID]:
    """The contact a reply is of, and who wrote it: neither ever changes, so nothing is locked."""
    found = await db.get(ReplyApproval, (written_brand(db), approval_id))
    if found is None:
        raise NoApproval("This page does not exist.")
    return found.interaction_id, found.brand_agent_id


def answers_older(reply: type[Message]) -> Exists:
    """Whether the customer has written since."""
    return exists().where(
        SAID.brand_id == reply.brand_id,
        SAID.conversation_id == reply.conversation_id,
        SAID.direction == "in",
        SAID.automatic.is_(False),
        tuple_(SAID.at, SAID.id) > tuple_(reply.at, reply.id),
    )


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            ReplyApproval.id,
            Ticket.number,
            Message.conversation_id,
            Message.author,
            Message.body,
            ReplyApproval.why,
            ReplyApproval.state,
            ReplyApproval.asked_at,
            ReplyApproval.due_at,
            ReplyApproval.ended_at,
            ReplyApproval.comment,
            answers_older(Message),
        )
        .join(Message, on(Message, Message.id, ReplyApproval.message_id))
        .outerjoin(Ticket, on(Ticket, Ticket.interaction_id, ReplyApproval.interaction_id))
    )
