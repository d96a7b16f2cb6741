"""Who left without a word holds nothing for ever: their contacts go back to the queue, to the place they had in it.

Every contact in hand goes back, answered or not, since nobody would see the customer's next mail; it keeps the time it
came in and its due instant, so it stands before whatever came later. The agent is shown as not responding.
"""

from __future__ import annotations

from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.capacity import give_back_units
from portavoce.agents.models import AgentSign, BrandAgent
from portavoce.agents.signs import gone_before, is_gone
from portavoce.agents.timeline import lock_slot
from portavoce.conversations.claiming import put_back
from portavoce.conversations.models import Interaction
from portavoce.conversations.queries import work_and_interaction
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.ledger.facts import SYSTEM


async def give_back_of_the_gone(database: Database, brand_id: UUID) -> int:
    """For the engine's tick; one agent a transaction, since a slot is locked before any contact. How many went back."""
    async with database.begin(Scope.reading({brand_id})) as db:
        gone = await _gone_holders(db)
    given_back = 0
    for agent_id in gone:
        given_back += await database.run(Scope.writing(brand_id), partial(give_back, agent_id=agent_id))
    return given_back


async def give_back(db: AsyncSession, agent_id: UUID) -> int:
    """All that the agent holds of this brand, unless they came back meanwhile; how many contacts."""
    slot = await lock_slot(db, agent_id)
    if not await is_gone(db, agent_id):
        return 0
    by = (await db.scalars(select(BrandAgent).where(BrandAgent.agent_id == agent_id))).one()
    held = select(Interaction.id).where(Interaction.brand_agent_id == by.id, Interaction.state == "assigned")
    units, contacts = 0, list((await db.scalars(held.order_by(Interaction.id))).all())
    for interaction_id in contacts:
        work, interaction = await work_and_interaction(db, interaction_id)
        units += work.units
        fact = await put_back(db, work, interaction, by, actor=SYSTEM)
        fact.data["reason"] = "gone"
    give_back_units(db, slot, units, gone=True)
    return len(contacts)


async def _gone_holders(db: AsyncSession) -> list[UUID]:
    query = (
        select(BrandAgent.agent_id)
        .distinct()
        .join(
            Interaction,
            (Interaction.brand_id == BrandAgent.brand_id) & (Interaction.brand_agent_id == BrandAgent.id),
        )
        .join(AgentSign, AgentSign.agent_id == BrandAgent.agent_id)
        .where(Interaction.state == "assigned", AgentSign.seen_at < gone_before(db))
        .order_by(BrandAgent.agent_id)
    )
    return list((await db.scalars(query)).all())
