"""Add a person with a role at brands, give and take roles: each brand in a transaction of its own, the invitation last."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.aliases import agent_of, alias_for
from portavoce.agents.models import AgentProfile, BrandAgent, Site
from portavoce.agents.timeline import add_agent
from portavoce.audit.auditing import audit_house
from portavoce.brands.errors import NoBrand
from portavoce.brands.models import Brand
from portavoce.core.db import Database
from portavoce.core.errors import Conflict, NotFound
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.unit import new_id
from portavoce.identity import people
from portavoce.identity.errors import WrongRole
from portavoce.identity.granting import grant, revoke
from portavoce.identity.inviting import invite
from portavoce.identity.mails import House
from portavoce.identity.models import AccessGrant, Person
from portavoce.identity.policy import check_role
from portavoce.identity.sessions import end_sessions_of

AT_THE_DESK = ("agent", "supervisor")
BY_ALIAS = (*AT_THE_DESK, "client_shop_clerk")
"""Whose acts a brand's books name. A clerk of the client acts in that brand too, and is no colleague at the desk."""


async def add_person(
    database: Database,
    house: House,
    *,
    name: str,
    email: str,
    locale: str,
    client_id: UUID | None,
    role: str,
    brands: Sequence[UUID],
    by: UUID,
) -> UUID:
    """A person with one role at some brands (an admin of none: of the house), invited by mail; returns the id.

    Raises KnownAddress, WrongRole or NoBrand before anything is written. Cut off in between, the person exists with
    the roles given so far, and the rest can be given and the invitation sent by hand.
    """
    await _check(database, client_id, role, brands)
    async with database.begin(HOUSE) as db:
        person = await people.add_person(
            db, name=name, email=email, locale=locale, client_id=client_id, by=by
        )
        if not brands:
            await grant(db, person.id, role, by=by)
    for brand_id in brands:
        await give_role(database, house, person_id=person.id, role=role, brand_id=brand_id, by=by)
    async with database.begin(HOUSE) as db:
        await invite(db, house, person.id, by=by)
    return person.id


async def give_role(
    database: Database, house: House, *, person_id: UUID, role: str, brand_id: UUID, by: UUID
) -> None:
    """One role at one brand; who works for it, at the desk or in a shop, becomes known to it by an alias. Who has new rights signs in anew."""
    async with database.begin(Scope.writing(brand_id)) as db:
        person = await people.person(db, person_id)
        check_role(role, person.client_id, await _client_of(db, brand_id))
        if await grant(db, person_id, role, brand_id=brand_id, by=by) in db.new:
            await end_sessions_of(db, person_id)
        if role in BY_ALIAS:
            agent = await agent_of(db, person_id) or await _new_agent(db, house, person)
            await alias_for(db, agent.agent_id, agent.display_name)
        audit_house(db, by, "role.given", "person", person_id, role=role, brand=brand_id)


async def take_role(database: Database, *, person_id: UUID, grant_id: UUID, by: UUID) -> None:
    """Sessions end with the role. NotFound unless the grant is this person's and still given; nobody takes the
    house's administration from themselves.
    """
    async with database.begin(HOUSE) as db:
        given = await db.get(AccessGrant, grant_id)
    if given is None or given.person_id != person_id or given.revoked_at is not None:
        raise NotFound("This role is not given any more.")
    if person_id == by and given.role == "admin" and given.brand_id is None:
        raise Conflict("You cannot take your own administration away. Ask another administrator.")
    scope = Scope.writing(given.brand_id) if given.brand_id else HOUSE
    async with database.begin(scope) as db:
        await revoke(db, grant_id)
        await end_sessions_of(db, person_id)
        if (
            given.role in BY_ALIAS
            and given.brand_id
            and not await _still_there(db, person_id, given.brand_id)
        ):
            await _retire_alias(db, person_id)
        audit_house(db, by, "role.taken", "person", person_id, role=given.role, brand=given.brand_id)


async def disable_person(database: Database, *, person_id: UUID, by: UUID) -> None:
    """End all access of a person at once; nobody does it to themselves."""
    if person_id == by:
        raise Conflict("You cannot close your own access. Ask another administrator.")
    async with database.begin(HOUSE) as db:
        await people.disable(db, person_id, by=by)


async def _check(database: Database, client_id: UUID | None, role: str, brands: Sequence[UUID]) -> None:
    if not brands and (role != "admin" or client_id is not None):
        raise WrongRole("Choose at least one brand.", brands="none")
    for brand_id in brands:
        async with database.begin(Scope.reading({brand_id})) as db:
            check_role(role, client_id, await _client_of(db, brand_id))


async def _client_of(db: AsyncSession, brand_id: UUID) -> UUID:
    client_id = await db.scalar(select(Brand.client_id).where(Brand.id == brand_id))
    if client_id is None:
        raise NoBrand("This brand does not exist.")
    return client_id


async def _new_agent(db: AsyncSession, house: House, person: Person) -> AgentProfile:
    """Brands and their customers see the first name only."""
    agent = add_agent(db, person.id, await _site(db, house), person.name.split()[0])
    await db.flush()
    return agent


async def _site(db: AsyncSession, house: House) -> UUID:
    """The first workplace; made when there is none, not authorised to be monitored."""
    known = await db.scalar(select(Site.id).order_by(Site.id).limit(1))
    if known is not None:
        return known
    site = Site(id=new_id(db), name=house.provider, country="IT", zone="Europe/Rome")
    db.add(site)
    await db.flush()
    return site.id


async def _retire_alias(db: AsyncSession, person_id: UUID) -> None:
    agent = await agent_of(db, person_id)
    if agent is not None:
        mine = BrandAgent.agent_id == agent.agent_id
        await db.execute(update(BrandAgent).where(mine).values(active=False))


async def _still_there(db: AsyncSession, person_id: UUID, brand_id: UUID) -> bool:
    """Whether another role keeps the person's alias at the brand."""
    query = select(AccessGrant.id).where(
        AccessGrant.person_id == person_id,
        AccessGrant.brand_id == brand_id,
        AccessGrant.role.in_(BY_ALIAS),
        AccessGrant.revoked_at.is_(None),
    )
    return await db.scalar(query.limit(1)) is not None
