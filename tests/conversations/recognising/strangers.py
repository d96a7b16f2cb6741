"""Gina whom Aurora knows, a contact in hand whose customer is not known to be her, and a code for her."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.claiming import claim
from portavoce.conversations.models import Conversation, Interaction, Message
from portavoce.conversations.receiving import Inbound, receive
from portavoce.conversations.recognising.coding import Entered, enter_code, send_code
from portavoce.conversations.recognising.keys import CodeKeys
from portavoce.conversations.recognising.models import CustomerCode
from portavoce.customers.finding import find_or_create
from portavoce.customers.models import CustomerIdentity
from tests.floor import Floor
from tests.world import WorldBrand

KEYS = CodeKeys(b"c" * 32)
GINA = "gina@studio.example"
HANDLE = "+393385550142"
"""A number that nobody knows, on a channel that is not mail."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """`contact`: in Anna's hands, of `customer`. `gina`: whom the brand knows by `address`."""

    contact: UUID
    customer: UUID
    gina: UUID
    address: UUID
    thread: UUID


async def known(floor: Floor, value: str = GINA, *, at: WorldBrand | None = None) -> tuple[UUID, UUID]:
    """A customer who wrote before, and the identity they are known by."""
    brand = at or floor.aurora
    await floor.write_in(sender=value, at=at)
    async with floor.database.begin(brand.reading) as db:
        query = select(CustomerIdentity).where(CustomerIdentity.value == value)
        found = (await db.scalars(query)).one()
    return found.customer_id, found.id


async def met(floor: Floor, handle: str = HANDLE, *, by: BrandAgent | None = None) -> tuple[UUID, UUID, UUID]:
    """A contact of somebody unknown, in hand: contact, customer, thread."""

    async def arrive(db: AsyncSession) -> tuple[Message, UUID]:
        caller = await find_or_create(db, "phone", handle, "", "it")
        inbound = Inbound(
            channel="phone", lob_id=floor.aurora.lob_id, customer=caller, author=handle,
            subject="", body="Sono Gina, dov'è il pacco?", conversation=None, automatic=False,
        )  # fmt: skip
        return await receive(db, inbound), caller.id

    message, customer = await floor.database.run(floor.aurora.writing, arrive)
    await floor.do(claim, message.interaction_id, by=by or floor.anna)
    return message.interaction_id, customer, message.conversation_id


async def stranger(floor: Floor) -> Stranger:
    gina, address = await known(floor)
    floor.later(minutes=1)
    contact, customer, thread = await met(floor)
    return Stranger(contact, customer, gina, address, thread)


async def sent(floor: Floor, who: Stranger) -> CustomerCode:
    return await floor.do(send_code, who.contact, who.gina, who.address, by=floor.anna)


def right(code: CustomerCode) -> str:
    return KEYS.code_of(code.brand_id, code.id)


def wrong(code: CustomerCode) -> str:
    return f"{(int(right(code)) + 1) % 10**6:06}"


async def enter(
    floor: Floor, who: Stranger, code: CustomerCode, typed: str, *, by: BrandAgent | None = None
) -> Entered:
    return await floor.do(enter_code, who.contact, code.id, typed, keys=KEYS, by=by or floor.anna)


async def owner(floor: Floor, thread: UUID) -> UUID:
    return (await floor.get(Conversation, thread)).customer_id


async def identity(floor: Floor, value: str) -> UUID:
    async with floor.database.begin(floor.aurora.reading) as db:
        return (await db.scalars(select(CustomerIdentity.id).where(CustomerIdentity.value == value))).one()


async def taken(floor: Floor, customer_id: UUID) -> UUID:
    """The one contact of a customer, in Anna's hands now."""
    async with floor.database.begin(floor.aurora.reading) as db:
        query = select(Interaction.id).join(
            Conversation,
            (Conversation.brand_id == Interaction.brand_id)
            & (Conversation.id == Interaction.conversation_id),
        )
        contact = (await db.scalars(query.where(Conversation.customer_id == customer_id))).one()
    await floor.do(claim, contact, by=floor.anna)
    return contact
