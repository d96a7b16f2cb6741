"""Short ways to a question that waits for the client."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Brand
from portavoce.calendars.models import Calendar
from portavoce.contracts.promising import BACK_OFFICE, promise_of_client
from portavoce.conversations.back_office.answering import answer
from portavoce.conversations.back_office.asking import ask_client
from portavoce.conversations.back_office.models import ClientRequest
from portavoce.core.models import HouseOutbox
from portavoce.core.scope import HOUSE
from portavoce.identity import people
from portavoce.identity.granting import grant
from portavoce.identity.models import Person
from tests.floor import Floor
from tests.world import HOUSE_NAME, WorldBrand

QUESTION = "È in garanzia?"
SHARED = "La macchina perde acqua."


async def olga(floor: Floor, at: WorldBrand | None = None) -> UUID:
    """Of the back office of a brand's client."""
    brand = at or floor.aurora
    async with floor.database.begin(brand.writing) as db:
        client_id = (await db.scalars(select(Brand.client_id).where(Brand.id == brand.id))).one()
        one = await people.add_person(
            db, name="Olga Serra", email=f"olga.{uuid4().hex}@{brand.slug}.example", locale="it",
            client_id=client_id, by=None,
        )  # fmt: skip
        await grant(db, one.id, "client_back_office", brand_id=brand.id)
        return one.id


async def asked(floor: Floor, contact: UUID | None = None) -> UUID:
    """Anna's question about a contact of hers, or a new one; gives the contact."""
    contact = contact or await floor.held()
    await floor.do(ask_client, HOUSE_NAME, contact, QUESTION, shared=SHARED, by=floor.anna)
    return contact


async def request_of(floor: Floor, contact: UUID) -> ClientRequest:
    """The newest."""
    found = [each for each in await floor.rows(ClientRequest) if each.interaction_id == contact]
    return found[-1]


async def answered(floor: Floor, contact: UUID, by: UUID, text: str = "Sì, due anni.") -> ClientRequest:
    return await floor.do(answer, (await request_of(floor, contact)).id, text, person_id=by)


async def promised(floor: Floor, hours: float | None) -> None:
    async def settle(db: AsyncSession) -> None:
        calendar_id = (await db.scalars(select(Calendar.id))).one()
        await promise_of_client(
            db, BACK_OFFICE, None if hours is None else timedelta(hours=hours), calendar_id
        )

    await floor.do(settle)


async def mails(floor: Floor, to: UUID) -> list[str]:
    """What the house wrote to a person, subjects and texts together."""
    async with floor.database.begin(HOUSE) as db:
        address = (await db.get_one(Person, to)).email
        query = select(HouseOutbox).where(HouseOutbox.recipient == address)
        return [f"{each.subject}\n{each.body}" for each in await db.scalars(query)]
