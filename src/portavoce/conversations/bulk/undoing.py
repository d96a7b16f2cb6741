"""The way back of one contact of an act: to the queue, and to the place it had there, unless somebody went on with it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.capacity import give_back_units
from portavoce.agents.models import BrandAgent
from portavoce.agents.timeline import lock_slot
from portavoce.conversations.bulk.errors import WentOn
from portavoce.conversations.bulk.models import (
    AGENT,
    ASIDE,
    CLOSE,
    QUEUE,
    REASON,
    TAKE,
    UNDONE,
    BulkAction,
    BulkStep,
)
from portavoce.conversations.claiming import put_back
from portavoce.conversations.models import Disposition, Interaction, Message, WorkItem
from portavoce.conversations.queries import open_interaction, work_and_interaction
from portavoce.conversations.reopening import resume
from portavoce.conversations.setting_aside import bring_back
from portavoce.core.unit import poke, written_brand
from portavoce.ledger.facts import record

ELSEWHERE = "Somebody went on with it since."
SPOKEN = "Somebody has written in it since."


async def undo_step(db: AsyncSession, action: BulkAction, step: BulkStep, by: BrandAgent) -> None:
    """The step comes locked, and done. WentOn leaves the contact where it is."""
    holder = await db.get(BrandAgent, (step.brand_id, step.left_with)) if step.left_with else None
    if holder is not None:
        await lock_slot(db, holder.agent_id)
    work, interaction = await work_and_interaction(db, step.interaction_id)
    if not await _as_left(db, action, step, work, interaction):
        raise WentOn(ELSEWHERE)
    if await _spoken_since(db, step):
        raise WentOn(SPOKEN)
    if action.verb in (TAKE, AGENT) and holder is not None:
        slot = await lock_slot(db, holder.agent_id)
        give_back_units(db, slot, work.units)
        await put_back(db, work, interaction, holder, actor=str(by.id))
    elif action.verb == ASIDE:
        await bring_back(db, work, interaction, actor=str(by.id))
    elif action.verb == CLOSE:
        await resume(db, work, interaction, actor=str(by.id), brand_agent_id=by.id)
    elif action.verb in (AGENT, QUEUE):
        _back_in_line(db, step, interaction, by)
    if action.verb in (REASON, CLOSE):
        await _reason_back(db, step, interaction, by)
    work.queued_at, work.ahead_since = step.queued_at or work.queued_at, step.ahead_since
    work.lob_id, work.queue_id = step.lob_id or work.lob_id, step.queue_id or work.queue_id
    step.state = UNDONE


async def _as_left(
    db: AsyncSession, action: BulkAction, step: BulkStep, work: WorkItem, interaction: Interaction
) -> bool:
    """Whether the contact is where, with whom and until when the step left it."""
    if (interaction.state, interaction.brand_agent_id) != (step.left_state, step.left_with):
        return False
    if action.verb == ASIDE:
        return work.wakes_at == action.until
    if action.verb == QUEUE:
        return work.lob_id == action.to_lob_id
    if action.verb == REASON:
        return await _code(db, interaction) == action.reason
    if action.verb == CLOSE:
        return await open_interaction(db, interaction.conversation_id, interaction.channel) is None
    return True


async def _spoken_since(db: AsyncSession, step: BulkStep) -> bool:
    """An answer or a note since: whoever wrote it would not find it where they left it."""
    query = select(Message.id).where(
        Message.interaction_id == step.interaction_id,
        Message.direction.in_(("out", "note")),
        Message.at > step.done_at,
    )
    return await db.scalar(query.limit(1)) is not None


def _back_in_line(db: AsyncSession, step: BulkStep, interaction: Interaction, by: BrandAgent) -> None:
    """It waited, and waits again where it did."""
    record(
        db,
        "interaction.returned",
        actor=str(by.id),
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        from_state="waiting",
        to_state="waiting",
        to=step.lob_id,
    )
    poke(db, "queue", interaction.brand_id, interaction.id)
    poke(db, "interaction", interaction.brand_id, interaction.id)


async def _reason_back(db: AsyncSession, step: BulkStep, interaction: Interaction, by: BrandAgent) -> None:
    if interaction.reason_id == step.reason_id:
        return
    before = await _code(db, interaction)
    interaction.reason_id = step.reason_id
    record(
        db,
        "reason.chosen",
        actor=str(by.id),
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=by.id,
        reason=await _code(db, interaction),
        before=before,
    )
    poke(db, "interaction", interaction.brand_id, interaction.id)


async def _code(db: AsyncSession, interaction: Interaction) -> str | None:
    if interaction.reason_id is None:
        return None
    return (await db.get_one(Disposition, (written_brand(db), interaction.reason_id))).code
