"""Relief events of a brand as both sides read them: all of them, one of them, and the contact that a number names."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from portavoce.brands.models import LineOfBusiness
from portavoce.core.unit import written_brand
from portavoce.identity.models import Person
from portavoce.ledger.models import Ticket
from portavoce.sla.relief.causes import Cause
from portavoce.sla.relief.errors import NoRelief
from portavoce.sla.relief.models import ReliefEvent
from portavoce.sla.relief.told import Side, State

SHOWN = 200
NOWHERE = "This page does not exist."
DECIDER = aliased(Person)


class ReliefRow(msgspec.Struct, frozen=True):
    """As both sides see it; `decider` is the name of a person of the client, else empty, and the provider's is not told."""

    id: UUID
    cause: Cause
    starts_at: datetime
    ends_at: datetime
    lob: str | None
    channel: str | None
    interaction_id: UUID | None
    ticket: int | None
    evidence: str
    state: State
    proposed_at: datetime
    due_at: datetime | None
    decided_at: datetime | None
    side: Side | None
    decider: str
    reason: str | None


async def relief_rows(db: AsyncSession) -> list[ReliefRow]:
    """Of the one brand in scope: undecided ones first, then the latest."""
    query = _rows().order_by(
        ReliefEvent.decided_at.is_not(None), ReliefEvent.starts_at.desc(), ReliefEvent.id.desc()
    )
    return [_row(row) for row in await db.execute(query.limit(SHOWN))]


async def relief_row(db: AsyncSession, relief_id: UUID) -> ReliefRow:
    """NoRelief when the brand in scope has none."""
    row = (await db.execute(_rows().where(ReliefEvent.id == relief_id))).one_or_none()
    if row is None:
        raise NoRelief(NOWHERE)
    return _row(row)


async def locked_relief(db: AsyncSession, relief_id: UUID) -> ReliefEvent:
    """Of two who decide at once the second sees what the first did."""
    found = await db.get(
        ReliefEvent, (written_brand(db), relief_id), with_for_update=True, populate_existing=True
    )
    if found is None:
        raise NoRelief(NOWHERE)
    return found


async def contact_of_ticket(db: AsyncSession, number: int) -> UUID | None:
    found: UUID | None = await db.scalar(select(Ticket.interaction_id).where(Ticket.number == number))
    return found


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            ReliefEvent.id,
            ReliefEvent.cause,
            ReliefEvent.starts_at,
            ReliefEvent.ends_at,
            LineOfBusiness.name.label("lob"),
            ReliefEvent.channel,
            ReliefEvent.interaction_id,
            Ticket.number.label("ticket"),
            ReliefEvent.evidence,
            ReliefEvent.state,
            ReliefEvent.proposed_at,
            ReliefEvent.due_at,
            ReliefEvent.decided_at,
            ReliefEvent.decided_side,
            DECIDER.name.label("decider"),
            ReliefEvent.reason,
        )
        .outerjoin(
            LineOfBusiness,
            (LineOfBusiness.brand_id == ReliefEvent.brand_id) & (LineOfBusiness.id == ReliefEvent.lob_id),
        )
        .outerjoin(
            Ticket,
            (Ticket.brand_id == ReliefEvent.brand_id) & (Ticket.interaction_id == ReliefEvent.interaction_id),
        )
        .outerjoin(
            DECIDER, (DECIDER.id == ReliefEvent.decided_by) & (ReliefEvent.decided_side == Side.CLIENT)
        )
    )


def _row(row: Any) -> ReliefRow:
    return ReliefRow(
        id=row.id,
        cause=Cause(row.cause),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        lob=row.lob,
        channel=row.channel,
        interaction_id=row.interaction_id,
        ticket=row.ticket,
        evidence=row.evidence,
        state=State(row.state),
        proposed_at=row.proposed_at,
        due_at=row.due_at,
        decided_at=row.decided_at,
        side=Side(row.decided_side) if row.decided_side else None,
        decider=row.decider or "",
        reason=row.reason,
    )
