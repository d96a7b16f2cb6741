"""What the units of a brand are computed from: its facts, in order of the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.ledger.models import LedgerEvent
from portavoce.reporting.facts import read_body
from portavoce.reporting.observing.units import READ
from portavoce.sla.clocks.facts import Fact

PUBLISHED = "calendar.published"
NEWS = select(LedgerEvent.n, LedgerEvent.kind, LedgerEvent.interaction_id, LedgerEvent.at)


class News(NamedTuple):
    n: int
    kind: str
    interaction_id: UUID | None
    at: datetime


async def news(db: AsyncSession, after: int, size: int) -> list[News]:
    """The next facts of the ledger. New opening hours come alone: they move clocks of contacts that nothing else touches."""
    query = NEWS.where(LedgerEvent.n > after).order_by(LedgerEvent.n).limit(size)
    found = [News(*row) for row in await db.execute(query)]
    turn = next((place for place, each in enumerate(found) if each.kind == PUBLISHED), len(found))
    return found[: turn or 1]


async def facts_of(
    db: AsyncSession, interactions: Collection[UUID], upto: int
) -> Mapping[UUID, Sequence[Fact]]:
    """All facts of these contacts that units are made of, in order of the ledger."""
    query = (
        select(
            LedgerEvent.n,
            LedgerEvent.kind,
            LedgerEvent.interaction_id,
            LedgerEvent.at,
            LedgerEvent.lob_id,
            LedgerEvent.to_state,
            LedgerEvent.brand_agent_id,
            LedgerEvent.body,
        )
        .where(
            LedgerEvent.interaction_id == any_(literal(list(interactions), ARRAY(Uuid))),
            LedgerEvent.kind.in_(READ),
            LedgerEvent.n <= upto,
        )
        .order_by(LedgerEvent.n)
    )
    found: dict[UUID, list[Fact]] = defaultdict(list)
    for row in await db.execute(query):
        found[row.interaction_id].append(fact_of(row))
    return found


def fact_of(row: Any) -> Fact:
    return Fact(
        row.kind,
        row.interaction_id,
        row.at,
        row.lob_id,
        read_body(row.body),
        row.n,
        row.to_state,
        row.brand_agent_id,
    )
