"""Customers enter the search index by their name and identities; a verb that changes either enters them again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.unit import now, written_brand
from portavoce.customers.events import ProfileChanged, ProfilesChanged
from portavoce.customers.models import Customer, CustomerIdentity
from portavoce.kit.ids import earliest
from portavoce.search.entering import enter, enter_all_again
from portavoce.search.models import SearchEntry
from portavoce.search.vectors import vector

LOOK_BACK = timedelta(days=2)
BATCH = 500


def enter_customer(db: AsyncSession, customer: Customer, identities: Iterable[str]) -> None:
    """One that is new in this transaction; `identities` are normalised values."""
    words = _words(written_brand(db), [customer.name], identities)
    enter(db, "customer", customer.id, customer.created_at, words)


def customer_entry(
    brand_id: UUID, customer_id: UUID, at: datetime, name: str, identities: Iterable[str]
) -> dict[str, object]:
    """The same as a row of SearchEntry."""
    words = _words(brand_id, [name], identities)
    return {"kind": "customer", "subject_id": customer_id, "at": at, "words": words}


async def enter_profile(db: AsyncSession, event: ProfileChanged) -> None:
    await enter_customer_again(db, event.customer_id)


async def enter_profiles(db: AsyncSession, event: ProfilesChanged) -> None:
    await enter_customers_again(db, event.customer_ids)


async def enter_customer_again(db: AsyncSession, customer_id: UUID) -> None:
    await enter_customers_again(db, [customer_id])


async def enter_customers_again(db: AsyncSession, customer_ids: Sequence[UUID]) -> None:
    """After a name or an identity changed, in the same transaction; three statements, however many.

    Who was merged is found as the one it was merged into, also by the name it had.
    """
    await db.flush()
    query = select(Customer.id, Customer.name, Customer.created_at, Customer.merged_into).where(
        or_(Customer.id.in_(customer_ids), Customer.merged_into.in_(customer_ids))
    )
    rows = list(await db.execute(query))
    identities = await _identities(db, customer_ids)
    names: dict[UUID, list[str]] = {}
    for row in rows:
        if row.merged_into is not None:
            names.setdefault(row.merged_into, []).append(row.name)
    asked, brand_id = set(customer_ids), written_brand(db)
    things = []
    for row in rows:
        if row.id in asked:
            own = [row.name, *names.get(row.id, ())]
            words = "" if row.merged_into else _words(brand_id, own, identities.get(row.id, ()))
            things.append((row.id, row.created_at, words))
    await enter_all_again(db, "customer", things)


async def _identities(db: AsyncSession, customer_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    query = select(CustomerIdentity.customer_id, CustomerIdentity.value)
    found: dict[UUID, list[str]] = {}
    for customer_id, value in await db.execute(query.where(CustomerIdentity.customer_id.in_(customer_ids))):
        found.setdefault(customer_id, []).append(value)
    return found


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
