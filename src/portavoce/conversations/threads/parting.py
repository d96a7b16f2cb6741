"""A merge is undone for a moment, as long as nothing was sent: both contacts are as they were.

What the customer wrote meanwhile stays in the thread it arrived in.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.agents.timeline import lock_slot
from portavoce.conversations.claiming import claim, release
from portavoce.conversations.errors import NoInteraction
from portavoce.conversations.events import InteractionReopened
from portavoce.conversations.holding import held_by
from portavoce.conversations.models import Interaction, Message, WorkItem
from portavoce.conversations.queries import work_and_interaction
from portavoce.conversations.threads.errors import CannotPart
from portavoce.conversations.threads.models import ThreadMerge
from portavoce.conversations.threads.queries import merged_now
from portavoce.core.unit import emit, now, poke
from portavoce.ledger.facts import record

PARTABLE = timedelta(minutes=10)
LATE = "This can be undone within ten minutes, by whoever did it."
SENT = "An answer was written since. They stay together."


async def part_contacts(db: AsyncSession, dropped_id: UUID, *, by: BrandAgent) -> ThreadMerge:
    """NoInteraction when this contact is not merged; CannotPart when it stays so."""
    await lock_slot(db, by.agent_id)
    merge = await merged_now(db, dropped_id)
    if merge is None:
        raise NoInteraction("This contact does not exist.")
    rows = {each: await work_and_interaction(db, each) for each in sorted((merge.kept_id, dropped_id))}
    kept, (work, dropped) = rows[merge.kept_id][1], rows[dropped_id]
    if merge.brand_agent_id != by.id or now(db) - merge.at > PARTABLE:
        raise CannotPart(LATE)
    held_by(kept, by)
    if await _written_since(db, merge):
        raise CannotPart(SENT)
    merge.undone_at = now(db)
    await _open(db, merge, work, dropped, by)
    if merge.was_waiting:
        await release(db, kept.id, by=by)
    if merge.was_held:
        await claim(db, dropped_id, by=by)
    record(
        db,
        "thread.parted",
        actor=str(by.id),
        lob_id=kept.lob_id,
        interaction_id=kept.id,
        brand_agent_id=by.id,
        merged=dropped_id,
    )
    return merge


async def _written_since(db: AsyncSession, merge: ThreadMerge) -> bool:
    query = select(Message.id).where(
        Message.conversation_id == merge.into_id, Message.direction == "out", Message.at >= merge.at
    )
    return await db.scalar(query.limit(1)) is not None


async def _open(
    db: AsyncSession, merge: ThreadMerge, work: WorkItem, dropped: Interaction, by: BrandAgent
) -> None:
    """It waits again, at the place it had."""
    dropped.state, dropped.closed_at, dropped.brand_agent_id = "waiting", None, None
    dropped.care_case_id = merge.care_case_id
    work.state, work.queued_at, work.ahead_since = "waiting", merge.queued_at, merge.ahead_since
    await db.flush()
    record(
        db,
        "interaction.parted",
        actor=str(by.id),
        lob_id=dropped.lob_id,
        care_case_id=dropped.care_case_id,
        interaction_id=dropped.id,
        brand_agent_id=by.id,
        from_state="closed",
        to_state="waiting",
        from_contact=merge.kept_id,
    )
    await emit(db, InteractionReopened(dropped.id, now(db)))
    for each in (dropped.id, merge.kept_id):
        poke(db, "queue", dropped.brand_id, each)
        poke(db, "interaction", dropped.brand_id, each)
    poke(db, "person", None, by.agent_id)
