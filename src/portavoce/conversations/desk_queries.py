"""What an agent's lists show over all their brands: waiting work, work in hand, how much waits where."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, Subquery, and_, bindparam, exists, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from portavoce.agents.models import BrandAgent
from portavoce.brands.models import LineOfBusiness
from portavoce.conversations.joins import contacts, on
from portavoce.conversations.models import (
    ASIDE,
    NATIVE,
    WITH_CLIENT,
    Conversation,
    HandlingSegment,
    Interaction,
    Message,
    WorkItem,
)
from portavoce.core.session import CARRIED_FROM
from portavoce.customers.models import Customer
from portavoce.ledger.models import Ticket

SNIPPET = 120
IN_LINE = (WorkItem.ahead_since.asc(), WorkItem.due_at.asc(), WorkItem.queued_at)
"""Who is served first: what was handed on and found nobody free, then what is due soonest, then what is due never."""
HEAD: tuple[Any, ...] = (WorkItem.brand_id, WorkItem.interaction_id, WorkItem.wakes_at, WorkItem.ahead_since)
HELD_LIMIT = 50
# Statements of the lists are built once: building them costs more than running them.
WAITING_COUNTS = (
    select(WorkItem.brand_id, func.count().label("waiting"))
    .where(WorkItem.state == "waiting")
    .group_by(WorkItem.brand_id)
)


class QueueRow(msgspec.Struct, frozen=True):
    """One contact in a list. The clock runs from `opened_at` to `due_at` until there was a first response.

    `native`: the brand itself answered, and the customer has not written since.
    """

    brand_id: UUID
    interaction_id: UUID
    ticket: int | None
    customer: str
    channel: str
    language: str
    lob_language: str
    subject: str
    snippet: str
    opened_at: datetime
    due_at: datetime | None
    first_response_at: datetime | None
    wakes_at: datetime | None = None
    ahead_since: datetime | None = None
    state: str = "waiting"
    native: bool = False

    @property
    def running_until(self) -> datetime | None:
        return self.due_at if self.first_response_at is None else None

    @property
    def promised(self) -> timedelta:
        return self.due_at - self.opened_at if self.due_at else timedelta(0)


async def queue_of_brands(db: AsyncSession, brands: Iterable[UUID], limit: int) -> list[QueueRow]:
    """Waiting work, soonest due first, at most `limit` per brand so that a flood in one hides no other."""
    named = {_name(number): brand for number, brand in enumerate(sorted(brands))}
    if not named:
        return []
    rows = await db.execute(_waiting_in_brands(len(named), limit), named)
    return sorted((_row(row) for row in rows), key=_urgency)


async def held_by_agent(db: AsyncSession, agent_id: UUID) -> list[QueueRow]:
    """What the agent has in hand, put aside or asked the client about, in the brands in scope, which know them by an alias.

    Soonest due first. What was put aside has a `wakes_at`.
    """
    rows = await db.execute(_held(), {"agent_id": agent_id})
    return sorted((_row(row) for row in rows), key=_urgency)


async def wrapping_up(db: AsyncSession, agent_id: UUID) -> list[QueueRow]:
    """What the agent closed and has after-contact work on: its clock runs until that is over."""
    rows = await db.execute(_wrapping_up(), {"agent_id": agent_id})
    return [
        msgspec.structs.replace(_row(row[:-2]), opened_at=row[-2], due_at=row[-1], first_response_at=None)
        for row in rows
    ]


async def waiting_counts(db: AsyncSession) -> dict[UUID, int]:
    """How many contacts wait in each brand in scope; a brand where none waits is absent."""
    rows = await db.execute(WAITING_COUNTS)
    return {row.brand_id: row.waiting for row in rows}


def _name(number: int) -> str:
    return f"of_brand_{number}"


# Heads are looked for alone, then what is shown of them: a join of all tables at once takes PostgreSQL longer to think
# about than to run.
@lru_cache(maxsize=64)
def _waiting_in_brands(count: int, limit: int) -> Select[Any]:
    """Each brand is read by its own index and cut at its own limit."""
    heads = union_all(*[_waiting_in(_name(number)).limit(limit) for number in range(count)])
    return _shown(heads.subquery("heads")).execution_options(**{CARRIED_FROM: None})


def _waiting_in(brand: str) -> Select[Any]:
    return (
        select(*HEAD)
        .where(WorkItem.brand_id == bindparam(brand), WorkItem.state == "waiting")
        .order_by(*IN_LINE)
    )


@lru_cache(maxsize=1)
def _held() -> Select[Any]:
    heads = (
        select(*HEAD)
        .select_from(BrandAgent)
        .join(Interaction, on(Interaction, Interaction.brand_agent_id, BrandAgent.id))
        .join(WorkItem, on(WorkItem, WorkItem.interaction_id, Interaction.id))
        .where(
            Interaction.state.in_(("assigned", *ASIDE, WITH_CLIENT)),
            BrandAgent.agent_id == bindparam("agent_id"),
        )
        .order_by(Interaction.due_at, Interaction.opened_at)
        .limit(HELD_LIMIT)
    )
    return _shown(heads.subquery("heads")).execution_options(**{CARRIED_FROM: BrandAgent})


@lru_cache(maxsize=1)
def _wrapping_up() -> Select[Any]:
    heads = (
        select(*HEAD, HandlingSegment.started_at, HandlingSegment.until)
        .select_from(BrandAgent)
        .join(HandlingSegment, on(HandlingSegment, HandlingSegment.brand_agent_id, BrandAgent.id))
        .join(WorkItem, on(WorkItem, WorkItem.interaction_id, HandlingSegment.interaction_id))
        .where(
            HandlingSegment.ended_at.is_(None),
            HandlingSegment.until.is_not(None),
            BrandAgent.agent_id == bindparam("agent_id"),
        )
        .order_by(HandlingSegment.until.desc())
        .limit(1)
        .subquery("heads")
    )
    shown = _shown(heads, heads.c.started_at, heads.c.until)
    return shown.execution_options(**{CARRIED_FROM: BrandAgent})


def _shown(heads: Subquery, *more: Any) -> Select[Any]:
    return contacts((*_list_columns(heads.c), *more)).join(
        heads, and_(heads.c.brand_id == Interaction.brand_id, heads.c.interaction_id == Interaction.id)
    )


def _list_columns(work: Any) -> tuple[Any, ...]:
    return (
        Interaction.brand_id,
        Interaction.id,
        Ticket.number,
        Customer.name,
        Interaction.channel,
        Customer.language,
        LineOfBusiness.language.label("lob_language"),
        Conversation.subject,
        _last_words(),
        Interaction.opened_at,
        Interaction.due_at,
        Interaction.first_response_at,
        work.wakes_at,
        work.ahead_since,
        Interaction.state,
        _answered_natively(),
    )


def _answered_natively() -> Any:
    answer, since = aliased(Message), aliased(Message)
    wrote = exists().where(
        since.brand_id == answer.brand_id,
        since.interaction_id == answer.interaction_id,
        since.direction == "in",
        since.automatic.is_(False),
        since.at > answer.at,
    )
    return (
        exists()
        .where(
            answer.brand_id == Interaction.brand_id,
            answer.interaction_id == Interaction.id,
            answer.direction == NATIVE,
            ~wrote,
        )
        .correlate(Interaction)
    )


def _last_words() -> Any:
    """The beginning of what the customer said last."""
    return (
        select(func.left(Message.body, SNIPPET))
        .where(
            Message.brand_id == Interaction.brand_id,
            Message.interaction_id == Interaction.id,
            Message.direction == "in",
        )
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(1)
        .correlate(Interaction)
        .scalar_subquery()
    )


def _row(row: Any) -> QueueRow:
    values = list(row)
    values[8] = " ".join((values[8] or "").split())
    return QueueRow(*values)


def _urgency(row: QueueRow) -> tuple[bool, bool, datetime]:
    if row.ahead_since is not None:
        return (False, False, row.ahead_since)
    return (True, row.running_until is None, row.running_until or row.opened_at)
