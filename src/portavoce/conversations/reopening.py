"""A closed interaction goes back to work: by the customer's answer within the window, or by an agent."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.agents.timeline import lock_slot, settle
from portavoce.conversations.errors import NotClosed
from portavoce.conversations.events import InteractionReopened
from portavoce.conversations.holding import VISIT_OVER
from portavoce.conversations.models import Interaction, WorkItem
from portavoce.conversations.queries import open_interaction, work_and_interaction
from portavoce.conversations.threads.queries import came_back, merged_now
from portavoce.conversations.ways import VISIT
from portavoce.conversations.wrapping import leave_wrap_up
from portavoce.core.unit import emit, now, poke
from portavoce.ledger.facts import record


async def reopen(db: AsyncSession, interaction_id: UUID, *, by: BrandAgent) -> Interaction:
    """By hand. NotClosed when it is open, or when its thread has another open interaction already."""
    slot = await lock_slot(db, by.agent_id)
    work, interaction = await work_and_interaction(db, interaction_id)
    if interaction.channel == VISIT:
        raise NotClosed(VISIT_OVER)
    if interaction.state != "closed":
        raise NotClosed("This contact is open already.")
    if await merged_now(db, interaction_id) or await came_back(db, interaction_id):
        raise NotClosed("This contact was put together with another one. Answer there.")
    if await open_interaction(db, interaction.conversation_id, interaction.channel):
        raise NotClosed("A later contact of this conversation is open. Answer there.")
    await leave_wrap_up(db, slot, by=by)
    settle(db, slot)
    return await resume(db, work, interaction, actor=str(by.id), brand_agent_id=by.id)


async def resume(
    db: AsyncSession,
    work: WorkItem,
    interaction: Interaction,
    *,
    actor: str,
    brand_agent_id: UUID | None = None,
) -> Interaction:
    """Both rows come locked, and closed."""
    interaction.state, interaction.closed_at, interaction.brand_agent_id = "waiting", None, None
    work.state, work.queued_at = "waiting", now(db)
    await db.flush()
    record(
        db,
        "interaction.reopened",
        actor=actor,
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=brand_agent_id,
        from_state="closed",
        to_state="waiting",
    )
    await emit(db, InteractionReopened(interaction.id, now(db)))
    poke(db, "queue", interaction.brand_id, interaction.id)
    poke(db, "interaction", interaction.brand_id, interaction.id)
    return interaction
