"""Who sits at the desk: the worker behind the person, their state, and the name each brand knows them by."""

from __future__ import annotations

from datetime import datetime

import msgspec
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.aliases import agent_of, brand_agent_of
from portavoce.agents.errors import NoAgent
from portavoce.agents.models import AgentProfile, AgentSlot, BrandAgent
from portavoce.web.access import (
    DESK_ROLES,
    MISSING,
    Actor,
    NotGranted,
    actor_of,
    provide_brand_db,
    provide_desk_brand,
)
from portavoce.web.cookies import AnyConnection
from portavoce.web.i18n import N_


class Presence(msgspec.Struct, frozen=True):
    """`state` is what the timeline says, `chosen` (and `aux`) what the person asked for."""

    state: str
    chosen: str
    aux: str | None
    used: int
    cap: int
    since: datetime | None


async def at_desk(connection: AnyConnection, _: BaseRouteHandler) -> None:
    """Guard of the desk, behind `signed_in`: who speaks for no brand finds nothing here."""
    actor = await actor_of(connection)
    if actor is None or not actor.brands(DESK_ROLES):
        raise NotGranted(MISSING)


async def presence_of(db: AsyncSession, agent: AgentProfile | BrandAgent | None) -> Presence | None:
    if agent is None:
        return None
    query = select(
        AgentSlot.state,
        AgentSlot.chosen,
        AgentSlot.aux,
        AgentSlot.used,
        AgentSlot.cap,
        AgentSlot.state_since,
    ).where(AgentSlot.agent_id == agent.agent_id)
    row = (await db.execute(query)).one_or_none()
    return Presence(*row) if row else None


async def provide_me(actor: NamedDependency[Actor], db: NamedDependency[AsyncSession]) -> BrandAgent:
    """The alias under which this brand knows the actor; only with one may somebody act for it."""
    agent = await agent_of(db, actor.person_id)
    me = await brand_agent_of(db, agent.agent_id) if agent else None
    if me is None:
        raise NoAgent(N_("You do not speak for this brand yet. Ask an administrator to add you as an agent."))
    return me


OF_THE_CONTACT = {
    "granted": Provide(provide_desk_brand),
    "db": Provide(provide_brand_db),
    "me": Provide(provide_me),
}
"""Every verb on a contact: the granted brand of the URL, one transaction in it, and the agent as it knows them."""
