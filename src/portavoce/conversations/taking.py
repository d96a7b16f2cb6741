"""Take next: one contact, the most urgent of all that wait in the agent's brands, whoever else asks at that moment."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, bindparam, case, func, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Uuid

from portavoce.agents.models import BrandAgent
from portavoce.agents.timeline import lock_slot
from portavoce.brands.models import LineOfBusiness
from portavoce.conversations.claiming import claim
from portavoce.conversations.errors import Overtaken
from portavoce.conversations.joins import on
from portavoce.conversations.models import Interaction, WorkItem
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.core.session import CARRIED_FROM

MOST = 25
"""Of a brand, looked at in one round: so many may ask at one moment before somebody has to look again."""
ROUNDS = 20
PAUSE = 0.05
FREE = "free"
WAITING = (
    select(WorkItem.interaction_id)
    .where(
        WorkItem.interaction_id == func.any(bindparam("wanted", type_=ARRAY(Uuid))),
        WorkItem.state == "waiting",
    )
    .order_by(func.array_position(bindparam("wanted", type_=ARRAY(Uuid)), WorkItem.interaction_id))
    .limit(1)
    .with_for_update(skip_locked=True)
)


class Waiting(NamedTuple):
    brand_id: UUID
    interaction_id: UUID


async def take_next(database: Database, agent_id: UUID, brands: Iterable[UUID]) -> Waiting | None:
    """What the agent now holds, or None when nothing waits for them; NoCapacity and NotAvailable as in `claim`.

    The most urgent is what was handed on and found nobody free; then the one whose clock runs out first; without a
    clock, who wrote first. What a colleague is taking at this moment is passed over, so that nobody waits and no contact is
    given twice.
    """
    known = frozenset(brands)
    for turn in range(ROUNDS):
        async with database.begin(Scope.reading(known)) as db:
            line = await most_urgent(db, agent_id, known)
        if not line:
            return None
        for brand_id, part in groupby(line, key=lambda each: each.brand_id):
            wanted = [each.interaction_id for each in part]
            taken = await database.run(
                Scope.writing(brand_id), partial(_take_one, agent_id=agent_id, wanted=wanted)
            )
            if taken is not None:
                return Waiting(brand_id, taken)
        await asyncio.sleep(PAUSE * min(turn, 4))
    raise Overtaken("Others were faster. Ask again.")


async def most_urgent(db: AsyncSession, agent_id: UUID, brands: Iterable[UUID]) -> list[Waiting]:
    """What waits in the brands that know the agent and give work out, most urgent first, at most MOST of each."""
    named = {f"of_brand_{number}": brand for number, brand in enumerate(sorted(brands))}
    if not named:
        return []
    rows = list(await db.execute(_waiting_in_brands(len(named)), {**named, "agent": agent_id}))
    rows.sort(key=_place)
    return [Waiting(row.brand_id, row.interaction_id) for row in rows]


def _place(row: Any) -> tuple[Any, ...]:
    if row.ahead_since is not None:
        return (0, row.ahead_since, row.interaction_id)
    return (1, row.due_at is None, row.due_at or row.opened_at, row.interaction_id)


async def _take_one(db: AsyncSession, *, agent_id: UUID, wanted: Sequence[UUID]) -> UUID | None:
    """The first of these that still waits and that nobody else is about to take."""
    await lock_slot(db, agent_id)
    query = select(BrandAgent).where(BrandAgent.agent_id == agent_id, BrandAgent.active)
    by = (await db.scalars(query)).one_or_none()
    found = await db.scalar(WAITING, {"wanted": list(wanted)}) if by else None
    if by is None or found is None:
        return None
    return (await claim(db, found, by=by)).id


@lru_cache(maxsize=64)
def _waiting_in_brands(count: int) -> CompoundSelect[Any]:
    parts = union_all(*[_waiting_in(f"of_brand_{number}") for number in range(count)])
    return parts.execution_options(**{CARRIED_FROM: None})


def _waiting_in(brand: str) -> Select[Any]:
    running = case((Interaction.first_response_at.is_(None), WorkItem.due_at))
    return (
        select(
            WorkItem.brand_id,
            WorkItem.interaction_id,
            WorkItem.ahead_since,
            running.label("due_at"),
            Interaction.opened_at,
        )
        .join(Interaction, on(Interaction, Interaction.id, WorkItem.interaction_id))
        .join(LineOfBusiness, on(LineOfBusiness, LineOfBusiness.id, WorkItem.lob_id))
        .join(BrandAgent, BrandAgent.brand_id == WorkItem.brand_id)
        .where(
            WorkItem.brand_id == bindparam(brand),
            WorkItem.state == "waiting",
            LineOfBusiness.work_mode != FREE,
            BrandAgent.agent_id == bindparam("agent"),
            BrandAgent.active,
        )
        .order_by(
            WorkItem.ahead_since.asc(), running.asc().nulls_last(), Interaction.opened_at, Interaction.id
        )
        .limit(MOST)
    )
