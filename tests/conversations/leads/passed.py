"""Short ways to a lead that waits for the client."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from portavoce.brands.models import Brand
from portavoce.conversations.leads.models import Lead
from portavoce.conversations.leads.passing import pass_lead
from portavoce.identity import people
from portavoce.identity.granting import grant
from tests.floor import Floor
from tests.world import HOUSE_NAME, WorldBrand

WISH = "Vuole il modello più grande."
SOURCE = "Al telefono, oggi"


async def taker(floor: Floor, at: WorldBrand | None = None, name: str = "Piero Sala") -> UUID:
    """Of the sales of a brand's client."""
    brand = at or floor.aurora
    async with floor.database.begin(brand.writing) as db:
        client_id = (await db.scalars(select(Brand.client_id).where(Brand.id == brand.id))).one()
        one = await people.add_person(
            db,
            name=name,
            email=f"{uuid4().hex}@{brand.slug}.example",
            locale="it",
            client_id=client_id,
            by=None,
        )
        await grant(db, one.id, "client_lead_taker", brand_id=brand.id)
        return one.id


async def passed(floor: Floor, contact: UUID | None = None, text: str = WISH, **wished: Any) -> Lead:
    """Anna's, out of a contact of hers or a new one; with the address, and the customer's word for it."""
    contact = contact or await floor.held()
    wished = {"with_phone": False, "with_email": True, "form_key": uuid4(), "source": SOURCE, **wished}
    return await floor.do(pass_lead, HOUSE_NAME, contact, text, by=floor.anna, **wished)
