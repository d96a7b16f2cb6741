"""Questions to the client: the open one of a contact, those of a brand, one of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.back_office.errors import NoRequest
from portavoce.conversations.back_office.models import ClientRequest
from portavoce.core.unit import written_brand
from portavoce.ledger.models import Ticket

LONGEST_LIST = 200
ENDED = 20
OPEN = select(ClientRequest).where(
    ClientRequest.interaction_id == bindparam("interaction_id"), ClientRequest.state == "open"
)


class RequestRow(msgspec.Struct, frozen=True):
    """As the client's people see it; `brand_agent_id` is shown as the code of an operator."""

    id: UUID
    ticket: int | None
    brand_agent_id: UUID
    question: str
    shared: str
    state: str
    asked_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    answer: str | None

    @property
    def in_time(self) -> bool | None:
        """Of an answered one with a target; None else."""
        if self.state != "answered" or self.due_at is None or self.ended_at is None:
            return None
        return self.ended_at <= self.due_at


async def open_requests(db: AsyncSession) -> list[RequestRow]:
    """Of the one brand in scope, soonest due first, then the longest asked."""
    query = _rows().where(ClientRequest.state == "open")
    query = query.order_by(ClientRequest.due_at.asc().nulls_last(), ClientRequest.asked_at)
    return [RequestRow(*row) for row in await db.execute(query.limit(LONGEST_LIST))]


async def ended_requests(db: AsyncSession) -> list[RequestRow]:
    """The last ones that were answered or taken back."""
    query = _rows().where(ClientRequest.ended_at.is_not(None))
    query = query.order_by(ClientRequest.ended_at.desc(), ClientRequest.id.desc())
    return [RequestRow(*row) for row in await db.execute(query.limit(ENDED))]


async def request_row(db: AsyncSession, request_id: UUID) -> RequestRow:
    """NoRequest when the brand in scope has none."""
    row = (await db.execute(_rows().where(ClientRequest.id == request_id))).one_or_none()
    if row is None:
        raise NoRequest("This page does not exist.")
    return RequestRow(*row)


async def open_request(db: AsyncSession, interaction_id: UUID) -> ClientRequest | None:
    """The row, as it stands now; behind the lock of its contact nobody else writes it."""
    fresh = OPEN.execution_options(populate_existing=True)
    return (await db.scalars(fresh, {"interaction_id": interaction_id})).one_or_none()


async def contact_of(db: AsyncSession, request_id: UUID) -> tuple[UUID, UUID]:
    """The contact a question is about, and who asked: neither ever changes, so nothing is locked."""
    found = await db.get(ClientRequest, (written_brand(db), request_id))
    if found is None:
        raise NoRequest("This page does not exist.")
    return found.interaction_id, found.brand_agent_id


def _rows() -> Select[*tuple[Any, ...]]:
    return select(
        ClientRequest.id,
        Ticket.number,
        ClientRequest.brand_agent_id,
        ClientRequest.question,
        ClientRequest.shared,
        ClientRequest.state,
        ClientRequest.asked_at,
        ClientRequest.due_at,
        ClientRequest.ended_at,
        ClientRequest.answer,
    ).outerjoin(
        Ticket,
        (Ticket.brand_id == ClientRequest.brand_id) & (Ticket.interaction_id == ClientRequest.interaction_id),
    )
