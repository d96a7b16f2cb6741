"""Customers enter the search index by their name and identities; a verb that changes either enters them again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.unit import now, written_brand
from portavoce.customers.models import Customer, CustomerIdentity
from portavoce.kit.ids import earliest
from portavoce.search.entering import enter, enter_again
from portavoce.search.models import SearchEntry
from portavoce.search.vectors import vector

LOOK_BACK = timedelta(days=2)
BATCH = 500


def enter_customer(db: AsyncSession, customer: Customer, identities: Iterable[str]) -> None:
    """One that is new in this transaction; `identities` are normalised values."""
    enter(
        db, "customer", customer.id, customer.created_at, _words(written_brand(db), customer.name, identities)
    )


async def enter_customer_again(db: AsyncSession, customer_id: UUID) -> None:
    """After its name or an identity changed, in the same transaction."""
    await db.flush()
    customer = await db.get_one(Customer, (written_brand(db), customer_id))
    query = select(CustomerIdentity.value).where(CustomerIdentity.customer_id == customer_id)
    words = _words(customer.brand_id, customer.name, (await db.scalars(query)).all())
    await enter_again(db, "customer", customer.id, customer.created_at, words)


async def enter_missing(db: AsyncSession) -> int:
    """Customers of the last days without an entry, of the one brand that is written; gives how many there were."""
    entered = exists().where(
        SearchEntry.brand_id == Customer.brand_id,
        SearchEntry.kind == "customer",
        SearchEntry.subject_id == Customer.id,
    )
    query = select(Customer.id).where(Customer.id > earliest(now(db) - LOOK_BACK), ~entered).limit(BATCH)
    missing = (await db.scalars(query)).all()
    for customer_id in missing:
        await enter_customer_again(db, customer_id)
    return len(missing)


def _words(brand_id: UUID, name: str, identities: Iterable[str]) -> str:
    known = list(identities)
    return vector(brand_id, [name, *known], numbers=known)
