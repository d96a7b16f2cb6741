"""Say that two customers are not the same person, so that nobody is asked again; and take that back."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.audit.auditing import audit
from portavoce.core.unit import emit, new_id, now, written_brand
from portavoce.customers.errors import CannotMerge, NoCustomer
from portavoce.customers.events import ProfileChanged
from portavoce.customers.models import Customer, CustomerApart
from portavoce.customers.queries import MISSING
from portavoce.ledger.facts import record

ITSELF = "This is the same customer."
TAKEN_BACK = "This was taken back already."


async def keep_apart(db: AsyncSession, customer_id: UUID, other_id: UUID, *, by: BrandAgent) -> None:
    """Said twice it is said once. NoCustomer unless both are of the brand in scope."""
    if customer_id == other_id:
        raise CannotMerge(ITSELF)
    one_id, two_id = sorted((customer_id, other_id))
    known = await db.scalars(select(Customer.id).where(Customer.id.in_([one_id, two_id])))
    if len(known.all()) != 2:
        raise NoCustomer(MISSING)
    row = insert(CustomerApart).values(
        brand_id=written_brand(db),
        id=new_id(db),
        one_id=one_id,
        other_id=two_id,
        at=now(db),
        brand_agent_id=by.id,
    )
    standing = row.on_conflict_do_nothing(
        index_elements=["brand_id", "one_id", "other_id"], index_where=CustomerApart.undone_at.is_(None)
    )
    made = (await db.scalars(standing.returning(CustomerApart.id))).one_or_none()
    if made is not None:
        await _tell(db, "customer.kept_apart", made, one_id, two_id, by)


async def suggest_again(db: AsyncSession, apart_id: UUID, customer_id: UUID, *, by: BrandAgent) -> None:
    """NoCustomer when the brand in scope has no such row of this customer, CannotMerge when it was taken back."""
    query = select(CustomerApart).where(
        CustomerApart.id == apart_id,
        or_(CustomerApart.one_id == customer_id, CustomerApart.other_id == customer_id),
    )
    row = (await db.scalars(query.with_for_update())).one_or_none()
    if row is None:
        raise NoCustomer(MISSING)
    if row.undone_at is not None:
        raise CannotMerge(TAKEN_BACK)
    row.undone_at = now(db)
    await _tell(db, "customer.suggested_again", row.id, row.one_id, row.other_id, by)


async def _tell(
    db: AsyncSession, kind: str, apart_id: UUID, one_id: UUID, other_id: UUID, by: BrandAgent
) -> None:
    audit(db, str(by.id), kind, "customer", one_id, other=other_id, apart=apart_id)
    record(db, kind, actor=str(by.id), brand_agent_id=by.id, customer=one_id, other=other_id, apart=apart_id)
    for customer_id in (one_id, other_id):
        await emit(db, ProfileChanged(customer_id))
