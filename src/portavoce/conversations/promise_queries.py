"""What was promised: to one customer, and by one agent over all their brands, with the notes that mention them."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, bindparam, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from portavoce.agents.models import BrandAgent
from portavoce.conversations.aftercare import Mention, Promise
from portavoce.conversations.joins import on
from portavoce.conversations.models import Conversation, Interaction, Message
from portavoce.core.session import CARRIED_FROM
from portavoce.customers.models import Customer

OF_A_CUSTOMER = 20
OF_AN_AGENT = 20
MENTIONED = "mention"
EXCERPT = 200


class PromiseRow(msgspec.Struct, frozen=True):
    """`maker` and `ender` are aliases the brand knows."""

    id: UUID
    interaction_id: UUID
    conversation_id: UUID
    kind: str
    wording: str
    due_at: datetime
    made_at: datetime
    state: str
    ended_at: datetime | None
    maker: str
    ender: str | None


class OwedRow(msgspec.Struct, frozen=True):
    """In an agent's own list: an open promise they made, or a note in which `author` mentions them.

    Of a note, whose kind is MENTIONED, `id` is the mention's and `due_at` when it was written.
    """

    brand_id: UUID
    id: UUID
    interaction_id: UUID
    kind: str
    wording: str
    due_at: datetime
    customer: str
    author: str


async def promises_of(db: AsyncSession, customer_id: UUID) -> tuple[PromiseRow, ...]:
    """The newest of one customer of the one brand in scope, oldest first."""
    rows = list(await db.execute(_of_customer(), {"customer_id": customer_id}))
    return tuple(PromiseRow(*row) for row in reversed(rows))


async def owed_by(db: AsyncSession, agent_id: UUID) -> list[OwedRow]:
    """What the agent has still to keep in the brands in scope, soonest first, and the unseen notes that mention them, oldest first; twenty each."""
    rows = await db.execute(_of_agent(), {"agent_id": agent_id})
    return [OwedRow(*row) for row in rows]


@lru_cache(maxsize=1)
def _of_customer() -> Select[Any]:
    ender = aliased(BrandAgent)
    columns: tuple[Any, ...] = (
        Promise.id,
        Promise.interaction_id,
        Interaction.conversation_id,
        Promise.kind,
        Promise.wording,
        Promise.due_at,
        Promise.made_at,
        Promise.state,
        Promise.ended_at,
        BrandAgent.alias,
        ender.alias.label("ender"),
    )
    return (
        select(*columns)
        .select_from(Promise)
        .join(Interaction, on(Interaction, Interaction.id, Promise.interaction_id))
        .join(BrandAgent, on(BrandAgent, BrandAgent.id, Promise.brand_agent_id))
        .outerjoin(ender, (ender.brand_id == Promise.brand_id) & (ender.id == Promise.ended_by))
        .where(Promise.customer_id == bindparam("customer_id"))
        .order_by(Promise.made_at.desc(), Promise.id.desc())
        .limit(OF_A_CUSTOMER)
    )


@lru_cache(maxsize=1)
def _of_agent() -> Select[Any]:
    both = union_all(select(_promised().subquery()), select(_mentions().subquery())).subquery()
    return select(both).order_by(both.c.due_at, both.c.id).execution_options(**{CARRIED_FROM: BrandAgent})


def _promised() -> Select[Any]:
    columns: tuple[Any, ...] = (
        Promise.brand_id,
        Promise.id,
        Promise.interaction_id,
        Promise.kind,
        Promise.wording,
        Promise.due_at,
        Customer.name,
        literal("").label("author"),
    )
    return (
        select(*columns)
        .select_from(Promise)
        .join(Interaction, on(Interaction, Interaction.id, Promise.interaction_id))
        .join(Conversation, on(Conversation, Conversation.id, Interaction.conversation_id))
        .join(Customer, on(Customer, Customer.id, Conversation.customer_id))
        .join(BrandAgent, on(BrandAgent, BrandAgent.id, Promise.brand_agent_id))
        .where(
            Promise.state == "open",
            BrandAgent.agent_id == bindparam("agent_id"),
        )
        .order_by(Promise.due_at, Promise.id)
        .limit(OF_AN_AGENT)
    )


def _mentions() -> Select[Any]:
    columns: tuple[Any, ...] = (
        Mention.brand_id,
        Mention.id,
        Mention.interaction_id,
        literal(MENTIONED).label("kind"),
        func.left(Message.body, EXCERPT).label("wording"),
        Mention.at.label("due_at"),
        Customer.name,
        Message.author,
    )
    return (
        select(*columns)
        .select_from(Mention)
        .join(Message, on(Message, Message.id, Mention.message_id))
        .join(Conversation, on(Conversation, Conversation.id, Message.conversation_id))
        .join(Customer, on(Customer, Customer.id, Conversation.customer_id))
        .join(BrandAgent, on(BrandAgent, BrandAgent.id, Mention.brand_agent_id))
        .where(
            Mention.seen_at.is_(None),
            BrandAgent.agent_id == bindparam("agent_id"),
        )
        .order_by(Mention.at, Mention.id)
        .limit(OF_AN_AGENT)
    )
