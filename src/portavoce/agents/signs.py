"""Signs of life: every request of the desk is one, and the open page answers its stream each minute.

A line that was cut is noticed by silence: the server's own sending tells nothing for a quarter of an hour.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.aliases import agent_of
from portavoce.agents.models import AgentSign
from portavoce.core.unit import now

GONE_AFTER = timedelta(minutes=10)
"""Longer than a page takes to load twice, and than two processes' clocks may differ."""
NEWS = timedelta(seconds=20)
"""A sign so soon after another is not written down."""


async def heard_of(db: AsyncSession, person_id: UUID) -> None:
    """Somebody who works here showed a sign of life; of others nothing is kept."""
    agent = await agent_of(db, person_id)
    if agent is None:
        return
    at = now(db)
    sign = insert(AgentSign).values(agent_id=agent.agent_id, seen_at=at)
    await db.execute(
        sign.on_conflict_do_update(
            index_elements=["agent_id"], set_={"seen_at": at}, where=AgentSign.seen_at < at - NEWS
        )
    )


def gone_before(db: AsyncSession) -> datetime:
    """Whoever was last heard of before this is gone. Of whom nothing was ever heard nobody can say so."""
    return now(db) - GONE_AFTER


async def is_gone(db: AsyncSession, agent_id: UUID) -> bool:
    query = select(AgentSign.agent_id).where(
        AgentSign.agent_id == agent_id, AgentSign.seen_at < gone_before(db)
    )
    return await db.scalar(query) is not None
