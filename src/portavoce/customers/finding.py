"""Find the customer behind an address of this brand, or make one; two mails at once make one customer."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.countries import country_of
from portavoce.brands.models import Brand
from portavoce.core.unit import new_id, now, written_brand
from portavoce.customers.identities import BY_NUMBER, normalise
from portavoce.customers.indexing import enter_customer
from portavoce.customers.matching import match_key, name_key
from portavoce.customers.models import Customer, CustomerIdentity

# Built once: building a statement costs more than running it. The rows stay as they are until the unit ends: what is
# filed now hangs on the right customer, whatever is merged or parted meanwhile.
OWNER = (
    select(Customer)
    .join(
        CustomerIdentity,
        (CustomerIdentity.brand_id == Customer.brand_id) & (CustomerIdentity.customer_id == Customer.id),
    )
    .where(CustomerIdentity.channel == bindparam("channel"), CustomerIdentity.value == bindparam("value"))
    .with_for_update(read=True)
)


async def find_or_create(db: AsyncSession, channel: str, address: str, name: str, language: str) -> Customer:
    """The customer of the written brand who owns the normalised address. UnusableIdentity if it is no address."""
    value = await spell(db, channel, address)
    known = await find(db, channel, value)
    if known is not None:
        return known
    customer = Customer(
        id=new_id(db),
        name=name or address,
        name_key=name_key(name),
        language=language,
        created_at=now(db),
    )
    db.add(customer)
    await db.flush()
    if await _claim_identity(db, customer.id, channel, value, address):
        enter_customer(db, customer, [value])
        return customer
    await db.delete(customer)
    winner = await find(db, channel, value)
    assert winner is not None, "the identity that won the race is committed"
    return winner


async def find(db: AsyncSession, channel: str, address: str) -> Customer | None:
    """The customer of the written brand who owns the normalised address. UnusableIdentity if it is no address."""
    wanted = {"channel": channel, "value": await spell(db, channel, address)}
    return (await db.scalars(OWNER, wanted)).one_or_none()


async def spell(db: AsyncSession, channel: str, value: str) -> str:
    """The one spelling; a national telephone number is one of the country of the brand in scope."""
    if channel not in BY_NUMBER or value.strip().startswith(("+", "00")):
        return normalise(channel, value)
    zone = (await db.scalars(select(Brand.zone))).one()
    return normalise(channel, value, country_of(zone))


def newcomer(db: AsyncSession, channel: str, address: str, name: str, language: str) -> Customer:
    """Whom `find` did not find. If somebody adds the same one meanwhile, the unit fails and `run` tries again."""
    customer = Customer(
        brand_id=written_brand(db),
        id=new_id(db),
        name=name or address,
        name_key=name_key(name),
        language=language,
        created_at=now(db),
    )
    value = normalise(channel, address)
    identity = CustomerIdentity(**identity_values(db, customer.id, channel, value, address))
    db.add_all([customer, identity])
    enter_customer(db, customer, [identity.value])
    return customer


def identity_values(
    db: AsyncSession, customer_id: UUID, channel: str, value: str, shown: str
) -> dict[str, object]:
    """A row of CustomerIdentity in the written brand: a normalised value, and how it was written."""
    return {
        "brand_id": written_brand(db),
        "id": new_id(db),
        "customer_id": customer_id,
        "channel": channel,
        "value": value,
        "match_key": match_key(channel, value),
        "shown": shown,
        "created_at": now(db),
    }


async def _claim_identity(db: AsyncSession, customer_id: UUID, channel: str, value: str, shown: str) -> bool:
    statement = (
        insert(CustomerIdentity)
        .values(**identity_values(db, customer_id, channel, value, shown))
        .on_conflict_do_nothing(index_elements=["brand_id", "channel", "value"])
        .returning(CustomerIdentity.id)
    )
    return (await db.scalars(statement)).one_or_none() is not None
