"""Find the customer behind an address of this brand, or make one; two mails at once make one customer."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.unit import new_id, now, written_brand
from portavoce.customers.identities import normalise
from portavoce.customers.models import Customer, CustomerIdentity


async def find_or_create(db: AsyncSession, channel: str, address: str, name: str, language: str) -> Customer:
    """The customer of the written brand who owns the normalised address. UnusableIdentity if it is no address."""
    value = normalise(channel, address)
    known = await _owner(db, channel, value)
    if known is not None:
        return known
    customer = Customer(id=new_id(db), name=name or address, language=language, created_at=now(db))
    db.add(customer)
    await db.flush()
    if await _claim_identity(db, customer.id, channel, value, address):
        return customer
    await db.delete(customer)
    winner = await _owner(db, channel, value)
    assert winner is not None, "the identity that won the race is committed"
    return winner


async def _owner(db: AsyncSession, channel: str, value: str) -> Customer | None:
    query = (
        select(Customer)
        .join(
            CustomerIdentity,
            (CustomerIdentity.brand_id == Customer.brand_id) & (CustomerIdentity.customer_id == Customer.id),
        )
        .where(CustomerIdentity.channel == channel, CustomerIdentity.value == value)
    )
    return (await db.scalars(query)).one_or_none()


async def _claim_identity(db: AsyncSession, customer_id: UUID, channel: str, value: str, shown: str) -> bool:
    statement = (
        insert(CustomerIdentity)
        .values(
            brand_id=written_brand(db),
            id=new_id(db),
            customer_id=customer_id,
            channel=channel,
            value=value,
            shown=shown,
            created_at=now(db),
        )
        .on_conflict_do_nothing(index_elements=["brand_id", "channel", "value"])
        .returning(CustomerIdentity.id)
    )
    return (await db.scalars(statement)).one_or_none() is not None
