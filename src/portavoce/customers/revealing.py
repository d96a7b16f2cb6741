"""Show what is masked: to one person, once, and written down who looked at what."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.audit.auditing import audit
from portavoce.customers.errors import NoCustomer
from portavoce.customers.models import CustomerAttribute, CustomerValue
from portavoce.customers.queries import MISSING, Answer


async def reveal(db: AsyncSession, customer_id: UUID, attribute_id: UUID, *, by: BrandAgent) -> Answer:
    """The answer with its value. NoCustomer when the brand in scope has no such value of such a one."""
    joined = and_(
        CustomerValue.brand_id == CustomerAttribute.brand_id,
        CustomerValue.attribute_id == CustomerAttribute.id,
        CustomerValue.customer_id == customer_id,
    )
    query = (
        select(
            CustomerAttribute.id,
            CustomerAttribute.key,
            CustomerAttribute.label,
            CustomerAttribute.kind,
            CustomerAttribute.choices,
            CustomerAttribute.masked,
            CustomerValue.value,
        )
        .join(CustomerValue, joined)
        .where(CustomerAttribute.id == attribute_id, CustomerAttribute.retired_at.is_(None))
    )
    row = (await db.execute(query)).one_or_none()
    if row is None:
        raise NoCustomer(MISSING)
    audit(db, str(by.id), "customer.revealed", "customer", customer_id, attribute=attribute_id)
    return Answer(row[0], row[1], row[2], row[3], tuple(row[4].splitlines()), row[5], row[6])
