"""How a brand knows its agents: an alias of its own per brand, made at the first grant and kept for ever."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import AgentProfile, BrandAgent
from portavoce.core.unit import new_id, written_brand

OF_PERSON = select(AgentProfile).where(AgentProfile.person_id == bindparam("person"))


async def alias_for(db: AsyncSession, agent_id: UUID, alias: str) -> BrandAgent:
    """The brand's row for this agent in the written brand: found, revived or made."""
    brand_id = written_brand(db)
    query = select(BrandAgent).where(BrandAgent.brand_id == brand_id, BrandAgent.agent_id == agent_id)
    known = (await db.scalars(query)).one_or_none()
    if known is None:
        known = BrandAgent(brand_id=brand_id, id=new_id(db), agent_id=agent_id, alias=alias)
        db.add(known)
    known.active = True
    return known


async def agent_of(db: AsyncSession, person_id: UUID) -> AgentProfile | None:
    return (await db.scalars(OF_PERSON, {"person": person_id})).one_or_none()


async def brand_agent_of(db: AsyncSession, agent_id: UUID) -> BrandAgent | None:
    """The active alias of an agent in the one brand this session reads."""
    query = select(BrandAgent).where(BrandAgent.agent_id == agent_id, BrandAgent.active)
    return (await db.scalars(query)).one_or_none()
