"""Who sits at the desk: the worker behind the person, their state, and the name each brand knows them by."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from sqlalchemy import bindparam, select
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
    """`state` is what the timeline says, `chosen` (and `aux`) what the person asked for; `acw_until` when timed
    after-contact work ends, while there is any.
    """

    state: str
    chosen: str
    aux: str | None
    used: int
    cap: int
    since: datetime | None
    acw_until: datetime | None = None


async def at_desk(connection: AnyConnection, _: BaseRouteHandler) -> None:
    """Guard of the desk, behind `signed_in`: who speaks for no brand finds nothing here."""
    actor = await actor_of(connection)
    if actor is None or not actor.brands(DESK_ROLES):
        raise NotGranted(MISSING)


PRESENCE = tuple(
    getattr(AgentSlot, name) for name in ("state", "chosen", "aux", "used", "cap", "state_since", "acw_until")
)
AT_THE_DESK = (
    select(AgentProfile, AgentSlot.agent_id.is_not(None), *PRESENCE)
    .outerjoin(AgentSlot, AgentSlot.agent_id == AgentProfile.agent_id)
    .where(AgentProfile.person_id == bindparam("person_id"))
)


async def agent_and_presence(
    db: AsyncSession, person_id: UUID
) -> tuple[AgentProfile | None, Presence | None]:
    """The worker behind a person and what they do, read together: every page and stream of the desk asks both."""
    row = (await db.execute(AT_THE_DESK, {"person_id": person_id})).one_or_none()
    if row is None:
        return None, None
    agent, has_slot, *presence = row
    return agent, Presence(*presence) if has_slot else None


async def presence_of(db: AsyncSession, agent: AgentProfile | BrandAgent) -> Presence | None:
    row = (await db.execute(select(*PRESENCE).where(AgentSlot.agent_id == agent.agent_id))).one_or_none()
    return Presence(*row) if row else None


async def provide_me(actor: NamedDependency[Actor], db: NamedDependency[AsyncSession]) -> BrandAgent:
    """The alias under which this brand knows the actor; only with one may somebody act for it."""
    agent = await agent_of(db, actor.person_id)
    me = await brand_agent_of(db, agent.agent_id) if agent else None
    if me is None:
        raise NoAgent(N_("You do not speak for this brand yet. Ask an administrator to add you as an agent."))
    return me


IN_BRAND = {"granted": Provide(provide_desk_brand), "db": Provide(provide_brand_db)}
"""Of who may read the brand at its desk."""
OF_THE_CONTACT = {
    "granted": Provide(provide_desk_brand),
    "db": Provide(provide_brand_db),
    "me": Provide(provide_me),
}
"""Every verb on a contact: the granted brand of the URL, one transaction in it, and the agent as it knows them."""
