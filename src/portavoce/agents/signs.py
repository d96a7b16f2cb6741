"""Signs of life: every request of the desk is one, and the open page answers its stream each minute.

A line that was cut is noticed by silence: the server's own sending tells nothing for a quarter of an hour.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import AgentProfile, AgentSign
from portavoce.core.unit import now

GONE_AFTER = timedelta(minutes=10)
"""Longer than a page takes to load twice, and than two processes' clocks may differ."""
NEWS = timedelta(seconds=20)
"""A sign so soon after another is not written down."""
LAST_SIGN = (
    select(AgentProfile.agent_id, AgentSign.seen_at)
    .outerjoin(AgentSign, AgentSign.agent_id == AgentProfile.agent_id)
    .where(AgentProfile.person_id == bindparam("person"))
)


async def heard_of(db: AsyncSession, person_id: UUID) -> None:
    """Somebody who works here showed a sign of life; of others nothing is kept."""
    at = now(db)
    found = (await db.execute(LAST_SIGN, {"person": person_id})).one_or_none()
    if found is None or (found.seen_at is not None and found.seen_at >= at - NEWS):
        return
    sign = insert(AgentSign).values(agent_id=found.agent_id, seen_at=at)
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
