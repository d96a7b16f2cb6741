"""Short ways to a shop with its clerk, and to a visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from portavoce.agents.models import AgentProfile, BrandAgent
from portavoce.brands.models import Brand
from portavoce.conversations.models import Interaction
from portavoce.conversations.visits.models import Shop, Visit
from portavoce.conversations.visits.recording import record_visit
from portavoce.conversations.visits.shops import add_shop, give_clerk
from portavoce.conversations.visits.telling import Told
from portavoce.onboarding.people import add_person
from tests.floor import Floor
from tests.world import HOUSE_NAME, WorldBrand

NOTE = "La guarnizione perde acqua."


@dataclass(frozen=True, slots=True)
class Stand:
    """Pina at the counter of Aurora's shop in Milan, unless told otherwise."""

    floor: Floor
    brand: WorldBrand
    shop: Shop
    clerk: BrandAgent
    person_id: UUID

    def told(self, **said: Any) -> Told:
        """Of Gina, who is new and has left a number."""
        whole = {
            "shop_id": self.shop.id, "form_key": uuid4(), "visitor": "new", "name": "Gina Verdi",
            "phone": "338 555 0142", "note": NOTE, "outcome": "solved", **said,
        }  # fmt: skip
        return Told(**whole)

    async def visit(self, **said: Any) -> Visit:
        return await self.floor.do(record_visit, self.told(**said), by=self.clerk, at=self.brand)

    async def contact(self, visit: Visit) -> Interaction:
        return await self.floor.contact(visit.interaction_id, self.brand)


async def clerk_of(floor: Floor, at: WorldBrand, name: str) -> tuple[BrandAgent, UUID]:
    """Somebody of the brand's client, with the role and the alias it brings."""
    async with floor.database.begin(at.reading) as db:
        client = await db.scalar(select(Brand.client_id).where(Brand.id == at.id))
    person_id = await add_person(
        floor.database, HOUSE_NAME, name=name, email=f"{uuid4().hex}@{at.slug}.example", locale="it",
        client_id=client, role="client_shop_clerk", brands=[at.id], by=floor.world.elena,
    )  # fmt: skip
    async with floor.database.begin(at.reading) as db:
        query = (
            select(BrandAgent)
            .join(AgentProfile, AgentProfile.agent_id == BrandAgent.agent_id)
            .where(AgentProfile.person_id == person_id)
        )
        return (await db.scalars(query)).one(), person_id


async def stand(
    floor: Floor, at: WorldBrand | None = None, *, name: str = "Pina Banco", shop: str = "Aurora Duomo"
) -> Stand:
    brand = at or floor.aurora
    clerk, person_id = await clerk_of(floor, brand, name)
    opened = await floor.do(add_shop, name=shop, place="Milano", lob_id=brand.lob_id, by="admin", at=brand)
    await floor.do(give_clerk, opened.id, clerk.id, by="admin", at=brand)
    return Stand(floor, brand, opened, clerk, person_id)
