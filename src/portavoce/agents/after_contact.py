"""Timed after-contact work of an agent: one at a time, ended by its time, by its agent, or by turning to something else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import AgentAcw, AgentSlot
from portavoce.core.unit import now


async def begin_acw(db: AsyncSession, slot: AgentSlot, acw_id: UUID, until: datetime) -> None:
    """On a locked slot, that the caller settles. `acw_id` is the segment's, in whichever brand."""
    await end_acw(db, slot)
    db.add(AgentAcw(agent_id=slot.agent_id, id=acw_id, until=until))
    slot.acw_until = until


async def end_acw(db: AsyncSession, slot: AgentSlot) -> None:
    """On a locked slot, that the caller settles. The brand of the segment may be another: it is told by `acw_ended`."""
    if slot.acw_until is None:
        return
    ended = (
        update(AgentAcw)
        .where(AgentAcw.agent_id == slot.agent_id, AgentAcw.ended_at.is_(None))
        .values(ended_at=min(now(db), slot.acw_until))
    )
    await db.execute(ended)
    slot.acw_until = None


async def acw_ended(db: AsyncSession, acw_id: UUID, at: datetime) -> datetime:
    """When it ended, or `at` if nothing ended it yet; its segment is about to be closed, and nobody asks again."""
    known = await db.scalar(select(AgentAcw.ended_at).where(AgentAcw.id == acw_id))
    await db.execute(delete(AgentAcw).where(AgentAcw.id == acw_id))
    return min(known, at) if known else at


async def any_over(db: AsyncSession) -> bool:
    """Whether some brand has a segment to close: its time is up, or its agent turned to something else."""
    over = AgentAcw.ended_at.is_not(None) | (AgentAcw.until <= now(db))
    return await db.scalar(select(AgentAcw.id).where(over).limit(1)) is not None


async def over_among(db: AsyncSession, acw_ids: list[UUID]) -> set[UUID]:
    """Those of them that are over; one that nobody knows any more is."""
    running = select(AgentAcw.id).where(
        AgentAcw.id.in_(acw_ids), AgentAcw.ended_at.is_(None), AgentAcw.until > now(db)
    )
    return set(acw_ids) - set((await db.scalars(running)).all())
