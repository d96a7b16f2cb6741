"""Customers enter the search index by their name and identities; a verb that changes either enters them again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.unit import now, written_brand
from portavoce.customers.events import ProfileChanged
from portavoce.customers.models import Customer, CustomerIdentity
from portavoce.kit.ids import earliest
from portavoce.search.entering import enter, enter_again
from portavoce.search.models import SearchEntry
from portavoce.search.vectors import vector

LOOK_BACK = timedelta(days=2)
BATCH = 500


def enter_customer(db: AsyncSession, customer: Customer, identities: Iterable[str]) -> None:
    """One that is new in this transaction; `identities` are normalised values."""
    words = _words(written_brand(db), [customer.name], identities)
    enter(db, "customer", customer.id, customer.created_at, words)


async def enter_profile(db: AsyncSession, event: ProfileChanged) -> None:
    await enter_customer_again(db, event.customer_id)


async def enter_customer_again(db: AsyncSession, customer_id: UUID) -> None:
    """After its name or an identity changed, in the same transaction.

    Who was merged is found as the one it was merged into, also by the name it had.
    """
    await db.flush()
    query = select(Customer.id, Customer.name, Customer.created_at, Customer.merged_into).where(
        or_(Customer.id == customer_id, Customer.merged_into == customer_id)
    )
    rows = {row.id: row for row in await db.execute(query)}
    own = rows[customer_id]
    words = ""
    if own.merged_into is None:
        identities = select(CustomerIdentity.value).where(CustomerIdentity.customer_id == customer_id)
        names = [own.name, *(row.name for row in rows.values() if row is not own)]
        words = _words(written_brand(db), names, (await db.scalars(identities)).all())
    await enter_again(db, "customer", customer_id, own.created_at, words)


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


def _words(brand_id: UUID, names: list[str], identities: Iterable[str]) -> str:
    known = list(identities)
    return vector(brand_id, [*names, *known], numbers=known)
