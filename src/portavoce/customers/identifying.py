"""Add an address or a number to a customer by hand, and take one away that was wrong."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.core.unit import emit
from portavoce.customers.editing import keep_changes
from portavoce.customers.errors import BadProfile, NoCustomer, UnusableIdentity
from portavoce.customers.events import ProfileChanged
from portavoce.customers.finding import identity_values, spell
from portavoce.customers.models import Customer, CustomerIdentity
from portavoce.customers.queries import MISSING
from portavoce.ledger.facts import record

BY_HAND = ("email", "phone")
UNREADABLE = "Check this address or number: nobody could be reached there."
TAKEN = "Another customer of this brand has it already."


async def add_identity(
    db: AsyncSession, customer_id: UUID, channel: str, shown: str, *, by: BrandAgent
) -> bool:
    """False when the customer had it. BadProfile when it is unusable or another's: two people are never mixed."""
    if channel not in BY_HAND:
        raise BadProfile("Check the fields below.", channel="Choose one of the options shown.")
    customer_id = await _standing(db, customer_id)
    try:
        value = await spell(db, channel, shown)
    except UnusableIdentity as error:
        raise BadProfile("Check the fields below.", identity=UNREADABLE) from error
    if not await _claimed(db, customer_id, channel, value, shown.strip()):
        return False
    keep_changes(db, customer_id, {"identity": ("", value)}, by=by)
    record(
        db,
        "customer.changed",
        actor=str(by.id),
        brand_agent_id=by.id,
        customer=customer_id,
        fields=["identity"],
    )
    await emit(db, ProfileChanged(customer_id))
    return True


async def _standing(db: AsyncSession, customer_id: UUID) -> UUID:
    """The customer, or whoever stands for it; neither is merged before this unit ends."""
    query = select(Customer.merged_into).where(Customer.id == customer_id).with_for_update(read=True)
    row = (await db.execute(query)).one_or_none()
    if row is None:
        raise NoCustomer(MISSING)
    return customer_id if row[0] is None else await _standing(db, row[0])


async def _claimed(db: AsyncSession, customer_id: UUID, channel: str, value: str, shown: str) -> bool:
    row = insert(CustomerIdentity).values(**identity_values(db, customer_id, channel, value, shown))
    key = ["brand_id", "channel", "value"]
    made = row.on_conflict_do_nothing(index_elements=key).returning(CustomerIdentity.id)
    if (await db.scalars(made)).one_or_none() is not None:
        return True
    owner = select(CustomerIdentity.customer_id).where(
        CustomerIdentity.channel == channel, CustomerIdentity.value == value
    )
    if (await db.scalars(owner)).one() != customer_id:
        raise BadProfile("Check the fields below.", identity=TAKEN)
    return False
