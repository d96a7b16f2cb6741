"""People at sites who answer and close contacts of a brand, told as bare facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portavoce.agents.models import AgentProfile, BrandAgent, Site
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.core.unit import new_id, now
from portavoce.identity.models import Person
from portavoce.ledger.facts import record
from portavoce.reporting.observing.following import catch_up
from portavoce.reporting.team.reading import Chosen
from tests.minting import Minted
from tests.world import WorldBrand

Tenant = Minted | WorldBrand


async def add_site(database: Database, name: str, *, authorised: bool = False) -> UUID:
    async with database.begin(HOUSE) as db:
        site = Site(
            id=new_id(db), name=name, country="IT", zone="Europe/Rome", monitoring_authorised=authorised
        )
        db.add(site)
        return site.id


async def add_staff(database: Database, site_id: UUID, *names: str) -> list[UUID]:
    """Their ids as agents."""
    found = []
    async with database.begin(HOUSE) as db:
        for name in names:
            person = Person(
                id=new_id(db), email=f"{new_id(db).hex}@voxa.example", name=name, created_at=now(db)
            )
            db.add(person)
            await db.flush()
            agent = AgentProfile(agent_id=new_id(db), person_id=person.id, site_id=site_id, display_name=name)
            db.add(agent)
            found.append(agent.agent_id)
    return found


async def employ(database: Database, brand: Tenant, agents: Sequence[UUID]) -> list[UUID]:
    """The ids under which the brand knows them."""
    async with database.begin(brand.writing) as db:
        rows = [BrandAgent(id=new_id(db), agent_id=each, alias="Operatrice") for each in agents]
        db.add_all(rows)
        return [row.id for row in rows]


async def work(
    database: Database, brand: Tenant, by: UUID | None, at: datetime, *, lob_id: UUID | None = None,
    disposition: str = "solved", reason: str = "", closed: bool = True, returned: bool = False,
    transferred: bool = False,
) -> None:  # fmt: skip
    """A contact opened at `at`, answered by somebody an hour later and closed after ten minutes of work."""
    async with database.begin(brand.writing) as db:
        contact = new_id(db)
        about: dict[str, Any] = {"lob_id": lob_id or brand.lob_id, "interaction_id": contact}
        record(
            db, "interaction.opened", actor="customer", at=at, to_state="waiting", draws_ticket=True,
            channel="email", **about,
        )  # fmt: skip
        record(db, "message.received", actor="customer", at=at, channel="email", automatic=False, **about)
        if reason:
            record(db, "reason.chosen", at=at, reason=reason, **about)
        if by is None:
            return
        later, end = at + timedelta(hours=1), at + timedelta(minutes=70)
        own: dict[str, Any] = {"brand_agent_id": by, **about}
        if transferred:
            record(db, "interaction.transferred", at=later, target="agent", **own)
        record(
            db, "message.sent", at=later, from_state="sending", to_state="sent", channel="email",
            automatic=False, **own,
        )  # fmt: skip
        if closed:
            record(db, "handling.ended", at=end, started=later, **own)
            record(db, "interaction.closed", at=end, to_state="closed", disposition=disposition, **own)
        if returned:
            record(
                db, "interaction.reopened", at=end + timedelta(hours=1), from_state="closed",
                to_state="waiting", **about,
            )  # fmt: skip


async def told(database: Database, *brands: Tenant) -> None:
    for brand in brands:
        await catch_up(database, brand.id)


def chosen(brand: Tenant, name: str = "Aurora") -> Chosen:
    return Chosen(brand.id, brand.slug, name, "Europe/Rome")
