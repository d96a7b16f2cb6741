"""The number at which a customer can be called: hidden until somebody needs it, and written down who looked."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.audit.auditing import audit
from portavoce.customers.errors import NoCustomer
from portavoce.customers.models import CustomerIdentity
from portavoce.customers.queries import MISSING

PHONE = "phone"


class Number(NamedTuple):
    id: UUID
    value: str


async def reveal_number(db: AsyncSession, customer_id: UUID, *, by: BrandAgent) -> Number:
    """The one that is known longest, in one spelling. NoCustomer when the brand in scope knows none of such a one."""
    query = (
        select(CustomerIdentity.id, CustomerIdentity.value)
        .where(CustomerIdentity.customer_id == customer_id, CustomerIdentity.channel == PHONE)
        .order_by(CustomerIdentity.created_at, CustomerIdentity.id)
        .limit(1)
    )
    row = (await db.execute(query)).one_or_none()
    if row is None:
        raise NoCustomer(MISSING)
    audit(db, str(by.id), "customer.revealed", "customer", customer_id, identity=row.id)
    return Number(*row)
