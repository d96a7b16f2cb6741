"""One open contact as the desk shows it: head, customer, what was said, what came before, how it may end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from portavoce.agents.models import BrandAgent
from portavoce.brands.models import LineOfBusiness
from portavoce.conversations.aftercare import Complaint
from portavoce.conversations.back_office.models import ClientRequest
from portavoce.conversations.choices import Node, path
from portavoce.conversations.errors import NoInteraction
from portavoce.conversations.joins import contacts, on
from portavoce.conversations.line_rules import line_rules
from portavoce.conversations.models import (
    Attachment,
    Closure,
    Conversation,
    Disposition,
    HandlingSegment,
    Interaction,
    Message,
    WorkItem,
)
from portavoce.conversations.recognising.queries import identities_of
from portavoce.conversations.thread_rows import (
    AttachmentRow,
    ClosureRow,
    ConversationView,
    EarlierRow,
    Head,
    MessageRow,
)
from portavoce.customers.models import Customer
from portavoce.ledger.models import Ticket

MESSAGES = 20
ALL_MESSAGES = 500
EARLIER = 10
NOW_AT = aliased(LineOfBusiness)
"""The line of business that works on it now."""
HEAD: tuple[Any, ...] = (
    Interaction.brand_id,
    Interaction.id,
    Interaction.conversation_id,
    Conversation.customer_id,
    WorkItem.lob_id,
    Ticket.number,
    Conversation.subject,
    Interaction.channel,
    Interaction.state,
    NOW_AT.name.label("lob"),
    NOW_AT.language.label("lob_language"),
    Customer.name.label("customer"),
    Customer.language,
    Customer.created_at,
    Interaction.opened_at,
    Interaction.due_at,
    Interaction.first_response_at,
    Interaction.closed_at,
    BrandAgent.alias,
    BrandAgent.agent_id,
    WorkItem.wakes_at,
    ClientRequest.question,
    ClientRequest.asked_at,
    ClientRequest.due_at,
    Complaint.code,
    Complaint.due_at.label("complaint_due"),
    Interaction.reason_id,
    HandlingSegment.started_at.label("acw_since"),
    HandlingSegment.until.label("acw_until"),
)


async def conversation_view(
    db: AsyncSession, interaction_id: UUID, *, messages: int = MESSAGES
) -> ConversationView:
    """Of the one brand in scope; NoInteraction when it has no such contact."""
    head = await _head(db, interaction_id)
    said, more = await _messages(db, head.conversation_id, messages)
    rules = await line_rules(db, head.lob_id)
    return ConversationView(
        head=head,
        identities=await identities_of(db, head.customer_id),
        messages=said,
        more=more,
        earlier=await _earlier(db, head.customer_id, head.conversation_id),
        rules=rules,
        closure=await _closure(db, interaction_id, rules.nodes),
    )


async def _head(db: AsyncSession, interaction_id: UUID) -> Head:
    query = (
        contacts(HEAD)
        .join(
            WorkItem,
            on(WorkItem, WorkItem.interaction_id, Interaction.id),
        )
        .join(NOW_AT, on(NOW_AT, NOW_AT.id, WorkItem.lob_id))
        .outerjoin(
            BrandAgent,
            on(BrandAgent, BrandAgent.id, Interaction.brand_agent_id),
        )
        .outerjoin(
            ClientRequest,
            on(ClientRequest, ClientRequest.interaction_id, Interaction.id) & (ClientRequest.state == "open"),
        )
        .outerjoin(
            Complaint,
            on(Complaint, Complaint.interaction_id, Interaction.id),
        )
        .outerjoin(
            HandlingSegment,
            on(HandlingSegment, HandlingSegment.interaction_id, Interaction.id)
            & (HandlingSegment.brand_agent_id == Interaction.brand_agent_id)
            & HandlingSegment.until.is_not(None)
            & HandlingSegment.ended_at.is_(None),
        )
        .where(Interaction.id == interaction_id)
    )
    row = (await db.execute(query)).one_or_none()
    if row is None:
        raise NoInteraction("This contact does not exist.")
    values: tuple[Any, ...] = tuple(row)
    return Head(*values)


async def _messages(
    db: AsyncSession, conversation_id: UUID, limit: int
) -> tuple[tuple[MessageRow, ...], int]:
    """The newest messages, oldest first, and how many older ones there are."""
    query = (
        select(
            Message.id,
            Message.interaction_id,
            Message.direction,
            Message.channel,
            Message.state,
            Message.author,
            Message.subject,
            Message.body,
            Message.quoted,
            Message.html.is_not(None).label("has_html"),
            Message.automatic,
            Message.other_sender,
            Message.at,
            Message.leaves_at,
            Message.sent_at,
            Message.failure,
            Message.resent_at,
            func.count().over().label("total"),
        )
        .where(Message.conversation_id == conversation_id)
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(limit)
    )
    rows = list(await db.execute(query))
    rows.reverse()
    files = await _attachments(db, [row.id for row in rows])
    return tuple(_message(row, files) for row in rows), (rows[0].total - len(rows)) if rows else 0


def _message(row: Any, files: list[AttachmentRow]) -> MessageRow:
    own = tuple(each for each in files if each.message_id == row.id)
    values: tuple[Any, ...] = (*tuple(row)[:-1], own)
    return MessageRow(*values)


async def _attachments(db: AsyncSession, messages: Sequence[UUID]) -> list[AttachmentRow]:
    query = (
        select(Attachment.message_id, Attachment.id, Attachment.name, Attachment.media_type, Attachment.size)
        .where(Attachment.message_id.in_(messages))
        .order_by(Attachment.id)
    )
    return [AttachmentRow(*row) for row in await db.execute(query)]


async def _earlier(db: AsyncSession, customer_id: UUID, conversation_id: UUID) -> tuple[EarlierRow, ...]:
    """The customer's other threads with this brand, oldest first."""
    outcome = (
        select(Disposition.label)
        .join(
            Closure,
            on(Closure, Closure.disposition_id, Disposition.id),
        )
        .where(Closure.brand_id == Interaction.brand_id, Closure.interaction_id == Interaction.id)
        .order_by(Closure.at.desc())
        .limit(1)
        .correlate(Interaction)
        .scalar_subquery()
    )
    query = (
        select(
            Interaction.id,
            Interaction.channel,
            Conversation.subject,
            Interaction.state,
            Interaction.opened_at,
            Ticket.number,
            outcome,
        )
        .select_from(Interaction)
        .join(
            Conversation,
            on(Conversation, Conversation.id, Interaction.conversation_id),
        )
        .outerjoin(
            Ticket,
            on(Ticket, Ticket.interaction_id, Interaction.id),
        )
        .where(Conversation.customer_id == customer_id, Conversation.id != conversation_id)
        .order_by(Interaction.opened_at.desc())
        .limit(EARLIER)
    )
    return tuple(EarlierRow(*row) for row in reversed(list(await db.execute(query))))


async def _closure(db: AsyncSession, interaction_id: UUID, nodes: Sequence[Node]) -> ClosureRow | None:
    query = (
        select(Closure.disposition_id, Closure.note, BrandAgent.alias, Closure.at)
        .select_from(Closure)
        .join(
            BrandAgent,
            on(BrandAgent, BrandAgent.id, Closure.brand_agent_id),
        )
        .where(Closure.interaction_id == interaction_id)
        .order_by(Closure.at.desc())
        .limit(1)
    )
    row = (await db.execute(query)).one_or_none()
    if row is None:
        return None
    code = next(each.code for each in nodes if each.id == row.disposition_id)
    return ClosureRow(code, path(nodes, row.disposition_id), row.note, row.alias, row.at)
