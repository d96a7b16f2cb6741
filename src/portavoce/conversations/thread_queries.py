"""One open contact as the desk shows it: head, customer, what was said, what came before, how it may end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from portavoce.agents.models import BrandAgent
from portavoce.brands.models import LineOfBusiness
from portavoce.conversations.aftercare import Complaint
from portavoce.conversations.approvals.models import ReplyApproval
from portavoce.conversations.approvals.queries import answers_older
from portavoce.conversations.back_office.models import ClientRequest
from portavoce.conversations.choices import Node, path
from portavoce.conversations.errors import NoInteraction
from portavoce.conversations.history_queries import NEWEST, Extent, earlier_contacts, messages_of
from portavoce.conversations.joins import contacts, on
from portavoce.conversations.line_rules import line_rules
from portavoce.conversations.models import (
    NATIVE,
    Closure,
    Conversation,
    HandlingSegment,
    Interaction,
    Message,
    WorkItem,
)
from portavoce.conversations.recognising.queries import identities_of
from portavoce.conversations.thread_rows import (
    ClosureRow,
    ConversationView,
    Head,
)
from portavoce.conversations.threads.models import ThreadMerge, ThreadSplit
from portavoce.conversations.threads.split_queries import splits_of
from portavoce.customers.models import Customer
from portavoce.ledger.models import Ticket

NOW_AT = aliased(LineOfBusiness)
"""The line of business that works on it now."""
TAKEN_IN = aliased(ThreadMerge)
"""Merges into the thread of this contact; `ThreadMerge` is the one by which it was closed."""
CAME_BACK = (
    select(ThreadSplit.left_id)
    .where(
        ThreadSplit.brand_id == Interaction.brand_id,
        ThreadSplit.opened_id == Interaction.id,
        ThreadSplit.undone_at.is_not(None),
    )
    .correlate(Interaction)
    .scalar_subquery()
)
WAS_SPLIT = exists().where(
    ThreadSplit.brand_id == Interaction.brand_id,
    (ThreadSplit.conversation_id == Interaction.conversation_id)
    | (ThreadSplit.into_id == Interaction.conversation_id),
)
AWAITING = aliased(Message)
"""The reply that the client has not decided about."""
ANSWER = aliased(Message)
"""What the brand itself wrote."""


def _newest_native(column: Any) -> Any:
    return (
        select(column)
        .where(
            ANSWER.brand_id == Interaction.brand_id,
            ANSWER.interaction_id == Interaction.id,
            ANSWER.direction == NATIVE,
        )
        .order_by(ANSWER.at.desc(), ANSWER.id.desc())
        .limit(1)
        .correlate(Interaction)
        .scalar_subquery()
    )


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
    ReplyApproval.asked_at.label("approval_asked"),
    ReplyApproval.due_at.label("approval_due"),
    ReplyApproval.message_id.label("approval_message"),
    ReplyApproval.id.is_not(None) & answers_older(AWAITING).correlate(AWAITING),
    Interaction.reason_id,
    HandlingSegment.started_at.label("acw_since"),
    HandlingSegment.until.label("acw_until"),
    Interaction.care_case_id,
    func.coalesce(ThreadMerge.kept_id, CAME_BACK).label("merged_into"),
    select(func.array_agg(TAKEN_IN.conversation_id))
    .where(
        TAKEN_IN.brand_id == Interaction.brand_id,
        TAKEN_IN.into_id == Interaction.conversation_id,
        TAKEN_IN.undone_at.is_(None),
    )
    .correlate(Interaction)
    .scalar_subquery()
    .label("threads"),
    WAS_SPLIT.label("was_split"),
    _newest_native(ANSWER.id).label("native_id"),
    _newest_native(ANSWER.at).label("native_at"),
    Interaction.came_by,
)
OPENED = (
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
        ReplyApproval,
        on(ReplyApproval, ReplyApproval.interaction_id, Interaction.id) & (ReplyApproval.state == "open"),
    )
    .outerjoin(AWAITING, on(AWAITING, AWAITING.id, ReplyApproval.message_id))
    .outerjoin(
        HandlingSegment,
        on(HandlingSegment, HandlingSegment.interaction_id, Interaction.id)
        & (HandlingSegment.brand_agent_id == Interaction.brand_agent_id)
        & HandlingSegment.until.is_not(None)
        & HandlingSegment.ended_at.is_(None),
    )
    .outerjoin(
        ThreadMerge,
        on(ThreadMerge, ThreadMerge.dropped_id, Interaction.id) & ThreadMerge.undone_at.is_(None),
    )
    .where(Interaction.id == bindparam("contact"))
)
CLOSED = (
    select(Closure.disposition_id, Closure.note, BrandAgent.alias, Closure.at)
    .select_from(Closure)
    .join(
        BrandAgent,
        on(BrandAgent, BrandAgent.id, Closure.brand_agent_id),
    )
    .where(Closure.interaction_id == bindparam("contact"))
    .order_by(Closure.at.desc())
    .limit(1)
)


async def conversation_view(
    db: AsyncSession, interaction_id: UUID, extent: Extent = NEWEST
) -> ConversationView:
    """Of the one brand in scope; NoInteraction when it has no such contact."""
    head = await _head(db, interaction_id)
    said, more = await messages_of(db, [head.conversation_id, *(head.threads or ())], extent.messages)
    earlier, more_earlier = await earlier_contacts(db, head.customer_id, head.conversation_id, extent.earlier)
    rules = await line_rules(db, head.lob_id)
    return ConversationView(
        head=head,
        identities=await identities_of(db, head.customer_id),
        messages=said,
        more=more,
        earlier=earlier,
        more_earlier=more_earlier,
        rules=rules,
        closure=await _closure(db, interaction_id, rules.nodes),
        splits=await splits_of(db, head.conversation_id) if head.was_split else (),
    )


async def _head(db: AsyncSession, interaction_id: UUID) -> Head:
    row = (await db.execute(OPENED, {"contact": interaction_id})).one_or_none()
    if row is None:
        raise NoInteraction("This contact does not exist.")
    values: tuple[Any, ...] = tuple(row)
    return Head(*values)


async def _closure(db: AsyncSession, interaction_id: UUID, nodes: Sequence[Node]) -> ClosureRow | None:
    row = (await db.execute(CLOSED, {"contact": interaction_id})).one_or_none()
    if row is None:
        return None
    code = next(each.code for each in nodes if each.id == row.disposition_id)
    return ClosureRow(code, path(nodes, row.disposition_id), row.note, row.alias, row.at)
