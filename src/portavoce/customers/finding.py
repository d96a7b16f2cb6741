"""Find the customer behind an address of this brand, or make one; two mails at once make one customer."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.unit import new_id, now, written_brand
from portavoce.customers.identities import normalise
from portavoce.customers.indexing import enter_customer
from portavoce.customers.models import Customer, CustomerIdentity

# Built once: building a statement costs more than running it.
OWNER = (
    select(Customer)
    .join(
        CustomerIdentity,
        (CustomerIdentity.brand_id == Customer.brand_id) & (CustomerIdentity.customer_id == Customer.id),
    )
    .where(CustomerIdentity.channel == bindparam("channel"), CustomerIdentity.value == bindparam("value"))
)


async def find_or_create(db: AsyncSession, channel: str, address: str, name: str, language: str) -> Customer:
    """The customer of the written brand who owns the normalised address. UnusableIdentity if it is no address."""
    value = normalise(channel, address)
    known = await find(db, channel, address)
    if known is not None:
        return known
    customer = Customer(id=new_id(db), name=name or address, language=language, created_at=now(db))
    db.add(customer)
    await db.flush()
    if await _claim_identity(db, customer.id, channel, value, address):
        enter_customer(db, customer, [value])
        return customer
    await db.delete(customer)
    winner = await find(db, channel, address)
    assert winner is not None, "the identity that won the race is committed"
    return winner


async def find(db: AsyncSession, channel: str, address: str) -> Customer | None:
    """The customer of this brand who owns the normalised address. UnusableIdentity if it is no address."""
    wanted = {"channel": channel, "value": normalise(channel, address)}
    return (await db.scalars(OWNER, wanted)).one_or_none()


def newcomer(db: AsyncSession, channel: str, address: str, name: str, language: str) -> Customer:
    """Whom `find` did not find. If somebody adds the same one meanwhile, the unit fails and `run` tries again."""
    customer = Customer(
        brand_id=written_brand(db), id=new_id(db), name=name or address, language=language, created_at=now(db)
    )
    identity = CustomerIdentity(
        id=new_id(db),
        customer_id=customer.id,
        channel=channel,
        value=normalise(channel, address),
        shown=address,
        created_at=now(db),
    )
    db.add_all([customer, identity])
    enter_customer(db, customer, [identity.value])
    return customer


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
