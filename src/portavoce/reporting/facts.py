"""States of a brand's ledger, and the facts of one contact as they stand there."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.ledger.chain import genesis, link
from portavoce.ledger.models import LedgerEvent
from portavoce.reporting.models import Tally
from portavoce.sla.clocks.facts import Fact


class Anchor(msgspec.Struct, frozen=True):
    """A state of the ledger: its facts up to `n`, whose hash is `hash`; `at` is when the clocks are read."""

    n: int
    hash: bytes
    at: datetime


class Told(msgspec.Struct, frozen=True):
    """A fact with what is shown beside the clock: its number, who did it, the ticket it drew."""

    n: int
    fact: Fact
    brand_agent_id: UUID | None
    ticket: int | None


class Evidence(msgspec.Struct, frozen=True):
    """A fact as it stands in the ledger; `sound` tells whether its hash is that of the stored bytes."""

    told: Told
    from_state: str | None
    to_state: str | None
    actor: str
    recorded_at: datetime
    contract_version_id: UUID
    hash: bytes
    sound: bool


class _Body(msgspec.Struct):
    data: dict[str, object]


_decode = msgspec.json.Decoder(_Body).decode
_SHOWN = (
    LedgerEvent.n,
    LedgerEvent.kind,
    LedgerEvent.interaction_id,
    LedgerEvent.at,
    LedgerEvent.lob_id,
    LedgerEvent.brand_agent_id,
    LedgerEvent.to_state,
    LedgerEvent.body,
)


def read_body(body: str) -> dict[str, object]:
    """What a fact says beside its typed columns."""
    return _decode(body).data


async def last_fact(db: AsyncSession, brand_id: UUID, upto: int | None = None) -> tuple[int, bytes]:
    """Number and hash of the last fact (not after `upto`, if given); 0 and the genesis when there is none."""
    query = select(LedgerEvent.n, LedgerEvent.hash).order_by(LedgerEvent.n.desc()).limit(1)
    if upto is not None:
        query = query.where(LedgerEvent.n <= upto)
    found = (await db.execute(query)).one_or_none()
    return (found.n, found.hash) if found else (0, genesis(brand_id))


async def first_moment(db: AsyncSession) -> datetime | None:
    """When the ledger began, or the month of the earliest unit, where that was told of a time before; None without facts."""
    earliest = select(func.min(Tally.starts_at)).where(Tally.grain == "month").scalar_subquery()
    row = (await db.execute(select(LedgerEvent.at, earliest).where(LedgerEvent.n == 1))).one_or_none()
    return min((moment for moment in row if moment is not None), default=None) if row else None


async def evidence_of(db: AsyncSession, interaction_id: UUID, upto: int) -> list[Evidence]:
    """Every fact of one interaction, by business time and then number."""
    query = (
        select(
            *_SHOWN,
            LedgerEvent.from_state,
            LedgerEvent.actor,
            LedgerEvent.recorded_at,
            LedgerEvent.contract_version_id,
            LedgerEvent.prev,
            LedgerEvent.hash,
        )
        .where(LedgerEvent.interaction_id == interaction_id, LedgerEvent.n <= upto)
        .order_by(LedgerEvent.at, LedgerEvent.n)
    )
    return [
        Evidence(
            told=_told(row),
            from_state=row.from_state,
            to_state=row.to_state,
            actor=row.actor,
            recorded_at=row.recorded_at,
            contract_version_id=row.contract_version_id,
            hash=row.hash,
            sound=row.hash == link(row.prev, row.n, row.body),
        )
        for row in await db.execute(query)
    ]


def _told(row: Any) -> Told:
    data = read_body(row.body)
    fact = Fact(
        row.kind, row.interaction_id, row.at, row.lob_id, data, row.n, row.to_state, row.brand_agent_id
    )
    ticket = data.get("ticket")
    return Told(row.n, fact, row.brand_agent_id, ticket if isinstance(ticket, int) else None)
