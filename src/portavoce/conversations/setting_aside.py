"""Put a contact aside: snoozed until a moment, or pending on the customer's answer; it comes back by itself.

It leaves the agent's hands and the queue. The customer's next message brings it back at once, its moment at the latest,
and any agent may take it up before. No promise waits with it: the clock of the first response goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.capacity import give_back_units
from portavoce.agents.models import BrandAgent
from portavoce.agents.timeline import lock_slot
from portavoce.conversations.errors import BadMoment, NothingAsked
from portavoce.conversations.handling import end_segments
from portavoce.conversations.holding import units_in_hand
from portavoce.conversations.models import ASIDE, Interaction, Message, WorkItem
from portavoce.conversations.queries import work_and_interaction
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.core.unit import now, poke, written_brand
from portavoce.ledger.facts import SYSTEM, record

FARTHEST = timedelta(days=90)
NOTHING_ASKED = "Send the customer your question first. Then this contact can wait for the answer."


async def set_aside(
    db: AsyncSession,
    interaction_id: UUID,
    kind: str,
    until: datetime,
    *,
    by: BrandAgent,
    waiting: bool = False,
) -> Interaction:
    """`kind` of ASIDE. By who holds it; BadMoment unless `until` is ahead, NothingAsked for pending without a question.

    `waiting`: also what waits, straight from the queue.
    """
    if kind not in ASIDE or not now(db) < until <= now(db) + FARTHEST:
        raise BadMoment("Choose a moment in the future, within ninety days.", until="moment")
    slot = await lock_slot(db, by.agent_id)
    work, interaction = await work_and_interaction(db, interaction_id)
    units, before = units_in_hand(work, interaction, by, waiting=waiting), interaction.state
    if kind == "pending" and not await _asked(db, interaction_id):
        raise NothingAsked(NOTHING_ASKED)
    await end_segments(db, by.id, at=now(db), interaction_id=interaction_id)
    give_back_units(db, slot, units)
    interaction.state, work.state, work.wakes_at = kind, "aside", until
    interaction.brand_agent_id = by.id
    record(
        db,
        f"interaction.{kind}",
        actor=str(by.id),
        lob_id=interaction.lob_id,
        interaction_id=interaction_id,
        brand_agent_id=by.id,
        from_state=before,
        to_state=kind,
        until=until,
    )
    if before == "waiting":
        poke(db, "queue", interaction.brand_id, interaction_id)
    poke(db, "interaction", interaction.brand_id, interaction_id)
    poke(db, "person", None, by.agent_id)
    return interaction


async def bring_back(db: AsyncSession, work: WorkItem, interaction: Interaction, *, actor: str) -> None:
    """To the queue, with the place and the due instant it had. Both rows come locked, and aside."""
    before, keeper = interaction.state, interaction.brand_agent_id
    interaction.state, interaction.brand_agent_id = "waiting", None
    work.state, work.wakes_at = "waiting", None
    record(
        db,
        "interaction.returned",
        actor=actor,
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=keeper,
        from_state=before,
        to_state="waiting",
    )
    poke(db, "queue", interaction.brand_id, interaction.id)
    poke(db, "interaction", interaction.brand_id, interaction.id)
    if keeper is not None:
        poke(db, "person", None, (await db.get_one(BrandAgent, (interaction.brand_id, keeper))).agent_id)


async def bring_back_the_due(database: Database, brand_id: UUID) -> int:
    """For the engine's tick: all whose moment has come, one a transaction. How many came back."""
    async with database.begin(Scope.reading({brand_id})) as db:
        query = select(WorkItem.interaction_id).where(WorkItem.state == "aside", WorkItem.wakes_at <= now(db))
        due: Sequence[UUID] = (await db.scalars(query.order_by(WorkItem.wakes_at))).all()
    for interaction_id in due:
        await database.run(
            Scope.writing(brand_id), partial(_bring_back_if_due, interaction_id=interaction_id)
        )
    return len(due)


async def _bring_back_if_due(db: AsyncSession, interaction_id: UUID) -> None:
    work, interaction = await work_and_interaction(db, interaction_id)
    if work.wakes_at is not None and work.wakes_at <= now(db):
        await bring_back(db, work, interaction, actor=SYSTEM)


async def _asked(db: AsyncSession, interaction_id: UUID) -> bool:
    """Whether the last word of this contact is an answer a person wrote, on its way or gone."""
    query = (
        select(Message.direction, Message.automatic)
        .where(
            Message.brand_id == written_brand(db),
            Message.interaction_id == interaction_id,
            Message.direction.in_(("in", "out")),
            Message.state.not_in(("withdrawn", "failed")),
        )
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(1)
    )
    last = (await db.execute(query)).one_or_none()
    return last is not None and tuple(last) == ("out", False)
