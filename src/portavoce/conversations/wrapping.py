"""After-contact work: the time that a line of business gives after closing, a segment of the contact like any other."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.after_contact import begin_acw, end_acw, over_among
from portavoce.agents.models import AgentSlot, BrandAgent
from portavoce.agents.signs import is_gone
from portavoce.agents.timeline import lock_slot, settle
from portavoce.conversations.choices import LineRules
from portavoce.conversations.handling import end_current, open_segment
from portavoce.conversations.models import HandlingSegment, Interaction
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.core.unit import new_id, now, poke
from portavoce.ledger.facts import record

ACW = "acw"
OPTIONAL = "optional"


async def begin_wrap_up(
    db: AsyncSession, slot: AgentSlot, interaction: Interaction, rules: LineRules, *, by: BrandAgent,
    at: datetime, asked: bool,
) -> None:  # fmt: skip
    """While closing, if the line gives the time. The slot comes locked, and is settled by who gives its units back."""
    await end_acw(db, slot)
    if rules.acw_mode == "off" or (rules.acw_mode == OPTIONAL and not asked):
        return
    await end_current(db, by.id, at=at)
    segment = HandlingSegment(
        brand_id=interaction.brand_id,
        id=new_id(db),
        interaction_id=interaction.id,
        brand_agent_id=by.id,
        part=ACW,
        started_at=at,
        seen_at=at,
        until=at + timedelta(seconds=rules.acw_s),
    )
    assert segment.until is not None, "set above"
    db.add(segment)
    await begin_acw(db, slot, segment.id, segment.until)
    record(
        db,
        "acw.started",
        actor=str(by.id),
        at=at,
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=by.id,
        until=segment.until,
    )


async def finish_wrap_up(db: AsyncSession, interaction_id: UUID, *, by: BrandAgent) -> None:
    """Before its time is up. One that is over already changes nothing."""
    slot = await lock_slot(db, by.agent_id)
    segment = await open_segment(db, by.id)
    if segment is None or segment.until is None or segment.interaction_id != interaction_id:
        return
    if not await over_among(db, [segment.id]):
        await end_acw(db, slot)
    await end_current(db, by.id, at=now(db))
    settle(db, slot)
    _tell(db, segment, by.agent_id)


async def leave_wrap_up(db: AsyncSession, slot: AgentSlot, *, by: BrandAgent) -> None:
    """The agent turns to something of this brand. The slot comes locked, and is settled by the caller."""
    if slot.acw_until is None:
        return
    await end_acw(db, slot)
    segment = await open_segment(db, by.id)
    if segment is not None and segment.until is not None:
        await end_current(db, by.id, at=now(db))
        _tell(db, segment, by.agent_id)


async def end_wrap_ups(database: Database, brand_id: UUID) -> int:
    """For the engine: what is over in this brand, one agent a transaction. How many."""
    async with database.begin(Scope.reading({brand_id})) as db:
        query = (
            select(HandlingSegment.id, BrandAgent.agent_id)
            .join(
                BrandAgent,
                (BrandAgent.brand_id == HandlingSegment.brand_id)
                & (BrandAgent.id == HandlingSegment.brand_agent_id),
            )
            .where(HandlingSegment.ended_at.is_(None), HandlingSegment.until.is_not(None))
            .order_by(BrandAgent.agent_id)
        )
        running = {row.id: row.agent_id for row in await db.execute(query)}
        over = await over_among(db, list(running)) if running else set()
    for segment_id in [each for each in running if each in over]:
        await database.run(
            Scope.writing(brand_id),
            partial(_end_if_over, segment_id=segment_id, agent_id=running[segment_id]),
        )
    return len(over)


async def _end_if_over(db: AsyncSession, *, segment_id: UUID, agent_id: UUID) -> None:
    slot = await lock_slot(db, agent_id)
    known = select(BrandAgent.id).where(BrandAgent.agent_id == agent_id)
    brand_agent_id = (await db.scalars(known)).one()
    segment = await open_segment(db, brand_agent_id)
    if segment is None or segment.id != segment_id or segment.until is None:
        return
    if not await over_among(db, [segment_id]):
        return
    await end_current(db, brand_agent_id, at=now(db))
    until = slot.acw_until
    if until is not None and until <= now(db):
        await end_acw(db, slot)
        # The state ends when the time was up, not when somebody looked.
        settle(db, slot, gone=await is_gone(db, agent_id), at=until)
    _tell(db, segment, agent_id)


def _tell(db: AsyncSession, segment: HandlingSegment, agent_id: UUID) -> None:
    poke(db, "interaction", segment.brand_id, segment.interaction_id)
    poke(db, "person", None, agent_id)
