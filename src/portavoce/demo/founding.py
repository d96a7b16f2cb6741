"""The provider on its first day, by the verbs an administrator would use: sites, people, clients, brands, mailboxes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent, Site
from portavoce.agents.timeline import add_agent
from portavoce.brands.adding import BrandLook
from portavoce.brands.models import LineOfBusiness
from portavoce.calendars.hours import Weekly
from portavoce.channels.email.mailboxes import add_mailbox
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.unit import new_id
from portavoce.demo import cast
from portavoce.demo.cast import Operator, Party, Team
from portavoce.demo.contracts import agree
from portavoce.identity import people
from portavoce.identity.granting import grant
from portavoce.identity.mails import House
from portavoce.identity.models import Person
from portavoce.identity.passwords import Passwords
from portavoce.onboarding.brands import add_brand, add_paying_client
from portavoce.onboarding.people import give_role


@dataclass(frozen=True, slots=True)
class Founded:
    """Ids only, so that another process may work with them. Brands by slug, agents by mail address, aliases by both."""

    brands: dict[str, UUID]
    agents: dict[str, UUID]
    aliases: dict[tuple[str, str], UUID]

    def alias(self, slug: str, operator: Operator) -> BrandAgent:
        """How the brand knows the agent, as the verbs want it."""
        return BrandAgent(
            brand_id=self.brands[slug],
            id=self.aliases[slug, operator.email],
            agent_id=self.agents[operator.email],
            alias=operator.alias,
        )


async def found(database: Database, house: House, passwords: Passwords) -> Founded:
    """Everybody signs in with the one password of the demo; nobody is sent an invitation."""
    stored = await passwords.hash(cast.PASSWORD)
    async with database.begin(HOUSE) as db:
        sites = _add_sites(db)
        admin = await _add_party(db, cast.ADMIN, None, stored)
        await grant(db, admin, "admin")
    brands, clients = {}, {}
    for team in cast.TEAMS:
        clients[team.slug] = await add_paying_client(
            database, name=team.name, legal_name=team.legal_name, by=admin
        )
        brands[team.slug] = await _add_brand(database, team, clients[team.slug], admin)
    for supervisor in cast.SUPERVISORS:
        await _add_people(database, house, supervisor, None, stored, admin, list(brands.values()))
    for team in cast.TEAMS:
        for party in team.people:
            client, own = clients[team.slug], [brands[team.slug]]
            await _add_people(database, house, party, client, stored, admin, own)
    agents = {
        each.email: await _add_operator(database, house, each, sites[each.site], stored, admin, brands)
        for each in cast.OPERATORS
    }
    return Founded(brands, agents, await _aliases(database, brands, agents))


def _add_sites(db: AsyncSession) -> list[UUID]:
    sites = [Site(id=new_id(db), zone=cast.ZONE, **each._asdict()) for each in cast.SITES]
    db.add_all(sites)
    return [site.id for site in sites]


async def _add_party(db: AsyncSession, party: Party, client: UUID | None, stored: str) -> UUID:
    person: Person = await people.add_person(
        db, name=party.name, email=party.email, locale=party.locale, client_id=client, by=None
    )
    person.password_hash = stored
    return person.id


async def _add_people(
    database: Database, house: House, party: Party, client: UUID | None, stored: str, by: UUID, brands: list[UUID]
) -> None:  # fmt: skip
    async with database.begin(HOUSE) as db:
        person = await _add_party(db, party, client, stored)
    for brand_id in brands:
        await give_role(database, house, person_id=person, role=party.role, brand_id=brand_id, by=by)


async def _add_brand(database: Database, team: Team, client: UUID, by: UUID) -> UUID:
    look = BrandLook(
        slug=team.slug,
        name=team.name,
        accent=team.accent,
        shape=team.shape,
        monogram=team.monogram,
        voice=team.voice,
        language="it",
        zone=cast.ZONE,
    )
    brand_id = await add_brand(
        database,
        client_id=client,
        look=look,
        by=by,
        weekly=Weekly(team.hours),
        target=timedelta(minutes=team.target),
        share_bp=team.share_bp,
        outcomes=team.outcomes,
        place=team.place,
    )
    async with database.begin(Scope.writing(brand_id)) as db:
        line = (await db.scalars(select(LineOfBusiness.id))).one()
        for box in team.boxes:
            await add_mailbox(db, box.address, line, box.display_name, box.signature)
        await agree(db, team.slug, by=by)
    return brand_id


async def _add_operator(
    database: Database, house: House, operator: Operator, site: UUID, stored: str, by: UUID, brands: dict[str, UUID]
) -> UUID:  # fmt: skip
    async with database.begin(HOUSE) as db:
        person = await _add_party(db, Party(operator.name, operator.email, "agent"), None, stored)
        agent = add_agent(db, person, site, operator.alias).agent_id
    for slug in operator.brands:
        await give_role(database, house, person_id=person, role="agent", brand_id=brands[slug], by=by)
    return agent


async def _aliases(
    database: Database, brands: dict[str, UUID], agents: dict[str, UUID]
) -> dict[tuple[str, str], UUID]:
    emails = {agent: email for email, agent in agents.items()}
    found = {}
    for slug, brand_id in brands.items():
        async with database.begin(Scope.reading({brand_id})) as db:
            own = select(BrandAgent.id, BrandAgent.agent_id).where(BrandAgent.agent_id.in_(emails))
            for row in await db.execute(own):
                found[slug, emails[row.agent_id]] = row.id
    return found
