"""One contact of an act, by the house's own verb; where it stood before is remembered for the way back."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.capacity import require_room
from portavoce.agents.models import BrandAgent
from portavoce.agents.timeline import lock_slot
from portavoce.conversations.bulk.errors import Gone
from portavoce.conversations.bulk.judging import why_gone
from portavoce.conversations.bulk.models import (
    AGENT,
    ASIDE,
    CLOSE,
    DONE,
    QUEUE,
    REASON,
    TAKE,
    BulkAction,
    BulkStep,
)
from portavoce.conversations.claiming import claim
from portavoce.conversations.closing import close
from portavoce.conversations.queries import work_and_interaction
from portavoce.conversations.reasons import choose_reason
from portavoce.conversations.setting_aside import set_aside
from portavoce.conversations.transferring import hand_to_colleague, hand_to_queue
from portavoce.core.unit import now


async def do_step(db: AsyncSession, action: BulkAction, step: BulkStep, by: BrandAgent) -> None:
    """The step comes locked, and planned. Raises what the verb raises; then nothing of it may be kept."""
    await _lock_slots(db, action, by)
    work, interaction = await work_and_interaction(db, step.interaction_id)
    if interaction.state != "waiting":
        raise Gone(why_gone(interaction.state, mine=interaction.brand_agent_id == by.id))
    if not action.supervising:
        require_room(await lock_slot(db, by.agent_id), work.units)
    step.queued_at, step.ahead_since, step.reason_id = work.queued_at, work.ahead_since, interaction.reason_id
    step.lob_id, step.queue_id = work.lob_id, work.queue_id
    await _verb(db, action, step, by)
    step.state, step.done_at = DONE, now(db)
    step.left_state, step.left_with = interaction.state, interaction.brand_agent_id


async def _lock_slots(db: AsyncSession, action: BulkAction, by: BrandAgent) -> None:
    """Of both people, in the one order, before any contact."""
    people = {by.agent_id}
    if action.to_agent_id is not None:
        people.add((await db.get_one(BrandAgent, (action.brand_id, action.to_agent_id))).agent_id)
    for agent_id in sorted(people):
        await lock_slot(db, agent_id)


async def _verb(db: AsyncSession, action: BulkAction, step: BulkStep, by: BrandAgent) -> None:
    contact = step.interaction_id
    if action.verb == TAKE:
        await claim(db, contact, by=by)
    elif action.verb == ASIDE:
        assert action.until is not None, "the table asks for it"
        await set_aside(db, contact, "snoozed", action.until, by=by, waiting=True)
    elif action.verb == AGENT:
        assert action.to_agent_id is not None, "the table asks for it"
        await hand_to_colleague(db, contact, action.to_agent_id, action.note, by=by, waiting=True)
    elif action.verb == QUEUE:
        assert action.to_lob_id is not None, "the table asks for it"
        await hand_to_queue(db, contact, action.to_lob_id, action.note, by=by, waiting=True)
    elif action.verb == REASON:
        await choose_reason(db, contact, action.reason, by=by, waiting=True)
    elif action.verb == CLOSE:
        await close(db, contact, action.outcome, by=by, note=action.note, reason=action.reason, waiting=True)
