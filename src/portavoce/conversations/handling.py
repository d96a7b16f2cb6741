"""Handling time of mail: open while a contact has the desk's focus and the person is active, five idle minutes at most."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.after_contact import acw_ended, end_acw
from portavoce.agents.models import BrandAgent
from portavoce.agents.timeline import lock_slot, settle
from portavoce.conversations.holding import held_by
from portavoce.conversations.models import HandlingSegment
from portavoce.conversations.queries import interaction as load
from portavoce.conversations.queries import lob_of
from portavoce.core.unit import new_id, now, written_brand
from portavoce.ledger.facts import record

IDLE = timedelta(minutes=5)
OPEN_SEGMENT = (
    select(HandlingSegment)
    .where(HandlingSegment.brand_agent_id == bindparam("brand_agent"), HandlingSegment.ended_at.is_(None))
    .with_for_update()
    .execution_options(populate_existing=True)
)


async def focus(db: AsyncSession, interaction_id: UUID, *, by: BrandAgent, part: str = "handling") -> None:
    """A sign of activity. Continues the open segment, or ends it and begins one on this interaction."""
    slot = await lock_slot(db, by.agent_id)
    interaction = await load(db, interaction_id)
    held_by(interaction, by)
    at = now(db)
    if slot.acw_until is not None:
        await end_acw(db, slot)
        settle(db, slot)
    current = await open_segment(db, by.id)
    if current is not None:
        if (current.interaction_id, current.part) == (interaction_id, part) and at - current.seen_at < IDLE:
            current.seen_at = max(at, current.seen_at)
            return
        await _end(db, current, at)
        await db.flush()  # one open segment an agent: new rows are stored before changed ones
    db.add(
        HandlingSegment(
            brand_id=written_brand(db),
            id=new_id(db),
            interaction_id=interaction_id,
            brand_agent_id=by.id,
            part=part,
            started_at=at,
            seen_at=at,
        )
    )
    record(
        db,
        f"{part}.started",
        actor=str(by.id),
        at=at,
        lob_id=interaction.lob_id,
        interaction_id=interaction_id,
        brand_agent_id=by.id,
    )


async def end_segments(
    db: AsyncSession, brand_agent_id: UUID, *, at: datetime, interaction_id: UUID | None = None
) -> None:
    """End the agent's open segment in this brand (of one interaction if given); idle time is not handling.

    Timed after-contact work goes on: leaving the page does not end it.
    """
    current = await open_segment(db, brand_agent_id)
    if current is None or current.until is not None:
        return
    if interaction_id is None or current.interaction_id == interaction_id:
        await _end(db, current, at)


async def end_current(db: AsyncSession, brand_agent_id: UUID, *, at: datetime) -> None:
    """End whatever the agent does in this brand, after-contact work too, and store it: another may begin."""
    current = await open_segment(db, brand_agent_id)
    if current is not None:
        await _end(db, current, at)
    await db.flush()  # one open segment an agent: new rows are stored before changed ones


async def end_idle_segments(db: AsyncSession) -> int:
    """For the engine's tick, one brand a transaction: segments without a sign of life for five minutes."""
    query = (
        select(HandlingSegment)
        .where(
            HandlingSegment.ended_at.is_(None),
            HandlingSegment.until.is_(None),
            HandlingSegment.seen_at < now(db) - IDLE,
        )
        .with_for_update()
    )
    idle = list((await db.scalars(query)).all())
    for segment in idle:
        await _end(db, segment, segment.seen_at)
    return len(idle)


async def handled_seconds(db: AsyncSession, interaction_id: UUID) -> int:
    """Handle time of an interaction so far: active time and after-contact work, ended segments only."""
    rows = await db.execute(
        select(HandlingSegment.started_at, HandlingSegment.ended_at).where(
            HandlingSegment.interaction_id == interaction_id, HandlingSegment.ended_at.is_not(None)
        )
    )
    return sum(int((row.ended_at - row.started_at).total_seconds()) for row in rows)


async def _end(db: AsyncSession, segment: HandlingSegment, at: datetime) -> None:
    if segment.until is not None:
        ended = min(await acw_ended(db, segment.id, at), segment.until)
    else:
        ended = at if at < segment.seen_at + IDLE else segment.seen_at
    segment.ended_at = max(segment.started_at, ended)
    record(
        db,
        f"{segment.part}.ended",
        actor=str(segment.brand_agent_id),
        at=segment.ended_at,
        lob_id=await lob_of(db, segment.interaction_id),
        interaction_id=segment.interaction_id,
        brand_agent_id=segment.brand_agent_id,
        started=segment.started_at,
    )


async def open_segment(db: AsyncSession, brand_agent_id: UUID) -> HandlingSegment | None:
    return (await db.scalars(OPEN_SEGMENT, {"brand_agent": brand_agent_id})).one_or_none()
