"""Two customers of one brand are one person: everything goes to the survivor, and all of it can be undone.

Identities and conversations are handed over, and it is remembered which. Consents and changes stay where they were
written and are read together. The merged one keeps its row as it was, so that nothing is lost by being overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.core.unit import emit, new_id, now
from portavoce.customers.blending import given_back, taken_over
from portavoce.customers.editing import FIELDS, keep_changes, store_changes
from portavoce.customers.errors import CannotMerge, NoCustomer
from portavoce.customers.events import CustomersMerged, MergeUndone, ProfileChanged
from portavoce.customers.models import (
    Customer,
    CustomerChange,
    CustomerIdentity,
    CustomerMerge,
    CustomerMove,
    CustomerRemoval,
)
from portavoce.customers.queries import MISSING, answers_of
from portavoce.ledger.facts import record

OWN_WAY = frozenset({"name", "language"})
"""Columns in which the survivor's word counts, whatever the other says."""
BLENDED = tuple(name for name in FIELDS if name not in OWN_WAY)
ITSELF = "This is the same customer."
MERGED = "This customer was merged meanwhile. Look at the profile again."
UNDONE = "This merge was undone already."
LATER = "This customer was merged into another one since. Undo that first."


async def merge(db: AsyncSession, survivor_id: UUID, merged_id: UUID, *, by: BrandAgent) -> UUID:
    """Gives the merge's id. NoCustomer unless both are of the brand in scope, CannotMerge when one is merged already."""
    if survivor_id == merged_id:
        raise CannotMerge(ITSELF)
    survivor, merged = await _both(db, survivor_id, merged_id)
    if survivor.merged_into is not None or merged.merged_into is not None:
        raise CannotMerge(MERGED)
    row = CustomerMerge(
        id=new_id(db), survivor_id=survivor_id, merged_id=merged_id, at=now(db), brand_agent_id=by.id
    )
    db.add(row)
    await db.flush()
    await hand_over(db, row.id, CustomerIdentity, CustomerIdentity.customer_id, merged_id, survivor_id)
    await hand_over(db, row.id, Customer, Customer.merged_into, merged_id, survivor_id)
    await hand_over(db, row.id, CustomerRemoval, CustomerRemoval.customer_id, merged_id, survivor_id)
    await emit(db, CustomersMerged(row.id, survivor_id, merged_id))
    await _take_over(db, row.id, survivor, merged, by)
    keep_changes(db, survivor_id, {"merged": ("", merged.name)}, by=by)
    await _point(db, merged_id, survivor_id)
    _tell(db, "customer.merged", row.id, survivor_id, merged_id, by)
    for customer_id in (survivor_id, merged_id):
        await emit(db, ProfileChanged(customer_id))
    return row.id


async def undo_merge(db: AsyncSession, merge_id: UUID, *, by: BrandAgent) -> UUID:
    """Both are as they were, with what each has been told since; gives the survivor's id."""
    query = select(CustomerMerge).where(CustomerMerge.id == merge_id).with_for_update()
    row = (await db.scalars(query)).one_or_none()
    if row is None:
        raise NoCustomer(MISSING)
    survivor, merged = await _both(db, row.survivor_id, row.merged_id)
    if row.undone_at is not None:
        raise CannotMerge(UNDONE)
    if survivor.merged_into is not None:
        raise CannotMerge(LATER)
    row.undone_at = now(db)
    await give_back(db, merge_id, CustomerIdentity, CustomerIdentity.customer_id, merged.id, survivor.id)
    await give_back(db, merge_id, Customer, Customer.merged_into, merged.id, survivor.id)
    await give_back(db, merge_id, CustomerRemoval, CustomerRemoval.customer_id, merged.id, survivor.id)
    await emit(db, MergeUndone(merge_id, survivor.id, merged.id, row.at, by.id))
    await _give_back_fields(db, merge_id, survivor, by)
    keep_changes(db, survivor.id, {"parted": (merged.name, "")}, by=by)
    await _point(db, merged.id, None)
    _tell(db, "customer.parted", merge_id, survivor.id, merged.id, by)
    for customer_id in (survivor.id, merged.id):
        await emit(db, ProfileChanged(customer_id))
    return survivor.id


async def hand_over(
    db: AsyncSession, merge_id: UUID, table: Any, owner: Any, merged_id: UUID, survivor_id: UUID
) -> None:
    """Rows of `table` whose `owner` is the merged customer become the survivor's, and it is remembered which."""
    moved = update(table).where(owner == merged_id).values({owner.key: survivor_id}).returning(table.id)
    ids: Iterable[UUID] = (await db.scalars(moved)).all()
    db.add_all(CustomerMove(merge_id=merge_id, kind=table.__tablename__, row_id=each) for each in ids)


async def give_back(
    db: AsyncSession, merge_id: UUID, table: Any, owner: Any, merged_id: UUID, survivor_id: UUID
) -> None:
    """Of what was handed over, all that is still the survivor's."""
    own = select(CustomerMove.row_id).where(
        CustomerMove.merge_id == merge_id, CustomerMove.kind == table.__tablename__
    )
    back = update(table).where(table.id.in_(own), owner == survivor_id).values({owner.key: merged_id})
    await db.execute(back.execution_options(synchronize_session=False))


async def _both(db: AsyncSession, one: UUID, other: UUID) -> tuple[Customer, Customer]:
    """Locked in the order of their ids; mails that are being filed for either end first."""
    query = select(Customer).where(Customer.id.in_([one, other])).order_by(Customer.id).with_for_update()
    rows = (await db.scalars(query.execution_options(populate_existing=True))).all()
    found = {row.id: row for row in rows}
    if len(found) != 2:
        raise NoCustomer(MISSING)
    return found[one], found[other]


async def _take_over(
    db: AsyncSession, merge_id: UUID, survivor: Customer, merged: Customer, by: BrandAgent
) -> None:
    columns = taken_over(_columns(survivor), _columns(merged))
    held, other = await _values(db, survivor.id), await _values(db, merged.id)
    changes = taken_over(
        {str(key): value for key, value in held.items()}, {str(key): value for key, value in other.items()}
    )
    values = {UUID(key): pair for key, pair in changes.items()}
    await store_changes(db, survivor.id, columns, values, by=by, merge_id=merge_id)


async def _give_back_fields(db: AsyncSession, merge_id: UUID, survivor: Customer, by: BrandAgent) -> None:
    query = select(
        CustomerChange.field, CustomerChange.attribute_id, CustomerChange.before, CustomerChange.after
    )
    rows = list(await db.execute(query.where(CustomerChange.merge_id == merge_id)))
    columns = given_back(
        _columns(survivor), {field: (before, after) for field, key, before, after in rows if key is None}
    )
    held = {str(key): value for key, value in (await _values(db, survivor.id)).items()}
    values = given_back(
        held, {str(key): (before, after) for _, key, before, after in rows if key is not None}
    )
    await store_changes(db, survivor.id, columns, {UUID(key): pair for key, pair in values.items()}, by=by)


def _columns(customer: Customer) -> Mapping[str, str]:
    return {name: getattr(customer, name) for name in BLENDED}


async def _values(db: AsyncSession, customer_id: UUID) -> Mapping[UUID, str]:
    return {each.id: each.value for each in await answers_of(db, customer_id)}


async def _point(db: AsyncSession, merged_id: UUID, survivor_id: UUID | None) -> None:
    await db.execute(
        update(Customer)
        .where(Customer.id == merged_id)
        .values(merged_into=survivor_id, version=Customer.version + 1)
    )


def _tell(
    db: AsyncSession, kind: str, merge_id: UUID, survivor_id: UUID, merged_id: UUID, by: BrandAgent
) -> None:
    record(
        db,
        kind,
        actor=str(by.id),
        brand_agent_id=by.id,
        merge=merge_id,
        customer=survivor_id,
        merged=merged_id,
    )
