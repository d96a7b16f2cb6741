"""Write what a dry run said, all of it in the one transaction it is called in: a part at a time, few statements each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.tables import Tenant
from portavoce.core.trusted import trusted_sql
from portavoce.core.unit import emit, insert_many, new_id, now, written_brand
from portavoce.customers.events import ProfilesChanged
from portavoce.customers.finding import identity_values
from portavoce.customers.importing.checking import PART, Tell
from portavoce.customers.importing.planning import CHANGED, NEW, Plan
from portavoce.customers.indexing import customer_entry
from portavoce.customers.matching import name_key
from portavoce.customers.models import Customer, CustomerChange, CustomerIdentity, CustomerValue
from portavoce.ledger.facts import record
from portavoce.search.models import SearchEntry

ACTOR = "import"
Rows = list[tuple[type[Tenant], dict[str, Any]]]

# The changes travel as one value: as many places as values would cost more than writing them.
CHANGE = trusted_sql(
    "customers.change_many",
    """
    UPDATE pv.customer c
       SET version = c.version + 1,
           name = coalesce(n.name, c.name),
           name_key = coalesce(n.name_key, c.name_key),
           language = coalesce(n.language, c.language),
           needs = coalesce(n.needs, c.needs),
           preferred_channel = coalesce(n.preferred_channel, c.preferred_channel),
           preferred_moment = coalesce(n.preferred_moment, c.preferred_moment),
           note = coalesce(n.note, c.note)
      FROM json_to_recordset(CAST(:rows AS json)) AS n(
             id uuid, name text, name_key text, language text, needs text, preferred_channel text,
             preferred_moment text, note text)
     WHERE c.brand_id = :brand_id AND c.id = n.id
    """,
)


class Outdated(Exception):
    """Somebody changed a customer since the plans were made."""


async def bring_in(
    db: AsyncSession, import_id: UUID, plans: Sequence[Plan], tell: Tell, *, cause_id: UUID
) -> None:
    """Outdated, or the error of a race that was lost, when a plan no longer fits: then nothing of it may commit."""
    done = 0
    await tell(done, len(plans))
    for start in range(0, len(plans), PART):
        part = plans[start : start + PART]
        await _add(db, import_id, [each for each in part if each.entry.verdict == NEW], cause_id)
        await _change(db, import_id, [each for each in part if each.entry.verdict == CHANGED], cause_id)
        done += len(part)
        await tell(done, len(plans))


async def _add(db: AsyncSession, import_id: UUID, plans: Sequence[Plan], cause_id: UUID) -> None:
    rows: Rows = []
    for plan in plans:
        columns = {name: after for name, (_, after) in plan.columns.items()}
        key, customer_id, at = name_key(columns["name"]), new_id(db), now(db)
        rows.append((Customer, {"id": customer_id, "created_at": at, "name_key": key, **columns}))
        rows += [(CustomerIdentity, identity_values(db, customer_id, *each)) for each in plan.reached]
        rows += _answers(customer_id, plan)
        reached = [value for _, value, _ in plan.reached]
        entry = customer_entry(written_brand(db), customer_id, at, columns["name"], reached)
        rows.append((SearchEntry, entry))
        rows.append(_changed(db, import_id, customer_id, "imported", "", ""))
        _tell(db, customer_id, ["imported"], cause_id)
    await insert_many(db, rows)


async def _change(db: AsyncSession, import_id: UUID, plans: Sequence[Plan], cause_id: UUID) -> None:
    by_id = {plan.entry.customer_id: plan for plan in plans if plan.entry.customer_id is not None}
    if not by_id:
        return
    await _lock(db, {customer_id: plan.entry.version for customer_id, plan in by_id.items()})
    await _store_columns(db, {customer_id: plan.columns for customer_id, plan in by_id.items()})
    await _forget_values(
        db, [(customer_id, key) for customer_id, plan in by_id.items() for key in plan.values]
    )
    rows: Rows = []
    for customer_id, plan in by_id.items():
        rows += [(CustomerIdentity, identity_values(db, customer_id, *each)) for each in plan.reached]
        rows += _answers(customer_id, plan)
        for field, (before, after) in plan.columns.items():
            rows.append(_changed(db, import_id, customer_id, field, before, after))
        for attribute_id, (before, after) in plan.values.items():
            rows.append(_changed(db, import_id, customer_id, "attribute", before, after, attribute_id))
        for _, value, _ in plan.reached:
            rows.append(_changed(db, import_id, customer_id, "identity", "", value))
        _tell(db, customer_id, _codes(plan), cause_id)
    await insert_many(db, rows)
    await emit(db, ProfilesChanged(tuple(by_id)))


async def _lock(db: AsyncSession, versions: Mapping[UUID, int]) -> None:
    """In the order of their ids, as everybody else does who locks several."""
    query = (
        select(Customer.id, Customer.version)
        .where(Customer.id.in_(sorted(versions)), Customer.merged_into.is_(None))
        .order_by(Customer.id)
        .with_for_update(key_share=True)
    )
    if {row[0]: row[1] for row in await db.execute(query)} != dict(versions):
        raise Outdated


async def _store_columns(db: AsyncSession, changes: Mapping[UUID, Mapping[str, tuple[str, str]]]) -> None:
    """Whoever does not change in a column keeps what is there."""
    rows = []
    for customer_id, columns in changes.items():
        new = {name: after for name, (_, after) in columns.items()}
        key = {"name_key": name_key(new["name"])} if "name" in new else {}
        rows.append({"id": customer_id, **new, **key})
    told = {"brand_id": written_brand(db), "rows": msgspec.json.encode(rows).decode()}
    await db.execute(CHANGE, told)


async def _forget_values(db: AsyncSession, pairs: Sequence[tuple[UUID, UUID]]) -> None:
    """Of customer and attribute: other values take their places. The customers are locked."""
    if pairs:
        own = tuple_(CustomerValue.customer_id, CustomerValue.attribute_id).in_(pairs)
        await db.execute(delete(CustomerValue).where(own).execution_options(synchronize_session=False))


def _answers(customer_id: UUID, plan: Plan) -> Rows:
    return [
        (CustomerValue, {"customer_id": customer_id, "attribute_id": attribute_id, "value": after})
        for attribute_id, (_, after) in plan.values.items()
    ]


def _changed(
    db: AsyncSession, import_id: UUID, customer_id: UUID, field: str, before: str, after: str,
    attribute_id: UUID | None = None,
) -> tuple[type[Tenant], dict[str, Any]]:  # fmt: skip
    told = {"id": new_id(db), "at": now(db), "field": field, "before": before, "after": after}
    about = {"customer_id": customer_id, "attribute_id": attribute_id, "import_id": import_id}
    return CustomerChange, {**told, **about}


def _codes(plan: Plan) -> list[str]:
    """As a change by hand tells the ledger."""
    added = ["identity"] if plan.reached else []
    return [*sorted(plan.columns), *sorted(str(each) for each in plan.values), *added]


def _tell(db: AsyncSession, customer_id: UUID, fields: Sequence[str], cause_id: UUID) -> None:
    record(db, "customer.changed", actor=ACTOR, cause_id=cause_id, customer=customer_id, fields=list(fields))
