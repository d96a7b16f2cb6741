"""Who else speaks for a brand and is at work now."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import AgentProfile, AgentSign, AgentSlot, BrandAgent
from portavoce.agents.signs import gone_before
from portavoce.identity.models import Person


class Colleague(NamedTuple):
    """By the alias the brand knows; whether they are free is theirs to know."""

    id: UUID
    alias: str


async def speakers(db: AsyncSession, but: UUID | None) -> list[Colleague]:
    """By alias: all who may speak for the one brand in scope, at work or not, except `but`."""
    return [Colleague(*row) for row in await db.execute(_speaking(but))]


async def colleagues(db: AsyncSession, of: UUID | None) -> list[Colleague]:
    """Of the speakers, but not `of`: nobody who ended the shift or left without a word."""
    query = (
        _speaking(of)
        .join(AgentSlot, AgentSlot.agent_id == BrandAgent.agent_id)
        .outerjoin(AgentSign, AgentSign.agent_id == BrandAgent.agent_id)
        .where(
            AgentSlot.chosen != "offline",
            or_(AgentSign.seen_at.is_(None), AgentSign.seen_at >= gone_before(db)),
        )
    )
    return [Colleague(*row) for row in await db.execute(query)]


def _speaking(but: UUID | None) -> Select[UUID, str]:
    """Nobody who has no access any more, and no clerk of the client's shops."""
    return (
        select(BrandAgent.id, BrandAgent.alias)
        .join(AgentProfile, AgentProfile.agent_id == BrandAgent.agent_id)
        .join(Person, Person.id == AgentProfile.person_id)
        .where(
            BrandAgent.active,
            BrandAgent.id.is_distinct_from(but),
            Person.disabled_at.is_(None),
            Person.client_id.is_(None),
        )
        .order_by(BrandAgent.alias, BrandAgent.id)
    )
