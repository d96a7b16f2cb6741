"""Change a customer's profile: all that was typed or nothing, each field's change kept with who made it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.core.unit import emit, new_id, now, written_brand
from portavoce.customers.attributes import (
    CHANNELS,
    LANGUAGES,
    LONGEST_NAME,
    LONGEST_NOTE,
    MOMENTS,
    NEEDS,
    BadValue,
    spelling,
)
from portavoce.customers.errors import BadProfile, ChangedMeanwhile, NoCustomer
from portavoce.customers.events import ProfileChanged
from portavoce.customers.matching import name_key
from portavoce.customers.models import Customer, CustomerChange, CustomerValue
from portavoce.customers.queries import MISSING, Answer, answers_of
from portavoce.ledger.facts import record

FIELDS = ("name", "language", "needs", "preferred_channel", "preferred_moment", "note")
"""Columns of the profile that a person may change."""
STALE = "Somebody changed this profile meanwhile. Look at what is new, then save again."
CHOOSE = "Choose one of the options shown."
Changes = dict[str, tuple[str, str]]
"""Before and after by field, without what stays."""


async def edit(
    db: AsyncSession, customer_id: UUID, given: Mapping[str, str], *, version: int, by: BrandAgent
) -> int:
    """Store what `given` says of columns (by name) and attributes (by `Answer.field`); gives the new version.

    What is not given stays. ChangedMeanwhile when the profile is no longer at `version`, BadProfile with a sentence
    by field. Saving what is there already changes nothing.
    """
    customer = await _locked(db, customer_id)
    if customer.version != version or customer.merged_into is not None:
        raise ChangedMeanwhile(STALE)
    answers = {each.field: each for each in await answers_of(db, customer_id)}
    wanted = _checked(given, answers)
    columns = _changed({name: getattr(customer, name) for name in FIELDS}, wanted)
    values = _changed({name: each.value for name, each in answers.items()}, wanted)
    if not columns and not values:
        return version
    await store_changes(
        db, customer_id, columns, {answers[name].id: pair for name, pair in values.items()}, by=by
    )
    codes = [*sorted(columns), *sorted(str(answers[name].id) for name in values)]
    record(db, "customer.changed", actor=str(by.id), brand_agent_id=by.id, customer=customer_id, fields=codes)
    await emit(db, ProfileChanged(customer_id))
    return version + 1


async def store_changes(
    db: AsyncSession, customer_id: UUID, columns: Changes, values: Mapping[UUID, tuple[str, str]], *,
    by: BrandAgent, merge_id: UUID | None = None,
) -> None:  # fmt: skip
    """The new version of a profile, and who made it so. The customer is locked."""
    await _store(db, customer_id, columns, values)
    keep_changes(db, customer_id, columns, by=by, merge_id=merge_id)
    for attribute_id, pair in values.items():
        keep_changes(
            db, customer_id, {"attribute": pair}, by=by, attribute_id=attribute_id, merge_id=merge_id
        )


def keep_changes(
    db: AsyncSession, customer_id: UUID, changes: Changes, *, by: BrandAgent, attribute_id: UUID | None = None,
    merge_id: UUID | None = None,
) -> None:  # fmt: skip
    for field, (before, after) in changes.items():
        db.add(
            CustomerChange(
                id=new_id(db),
                customer_id=customer_id,
                brand_agent_id=by.id,
                at=now(db),
                field=field,
                attribute_id=attribute_id,
                before=before,
                after=after,
                merge_id=merge_id,
            )
        )


async def _locked(db: AsyncSession, customer_id: UUID) -> Customer:
    query = select(Customer).where(Customer.id == customer_id).with_for_update(key_share=True)
    found = (await db.scalars(query.execution_options(populate_existing=True))).one_or_none()
    if found is None:
        raise NoCustomer(MISSING)
    return found


def _checked(given: Mapping[str, str], answers: Mapping[str, Answer]) -> dict[str, str]:
    """Every value in its one spelling; names of nothing are ignored."""
    wanted: dict[str, str] = {}
    errors: dict[str, str] = {}
    for name, text in given.items():
        try:
            if name in FIELDS:
                wanted[name] = _column(name, text)
            elif name in answers:
                wanted[name] = _answer(answers[name], text)
        except BadValue as error:
            errors[name] = str(error)
    if errors:
        raise BadProfile("Check the fields below.", **errors)
    return wanted


def _answer(held: Answer, text: str) -> str:
    """What is there may stay, also an option that the brand no longer offers."""
    return held.value if text.strip() == held.value else spelling(held.kind, held.options, text)


def _column(name: str, text: str) -> str:
    text = text.strip()
    match name:
        case "name" if not text:
            raise BadValue("Fill in this field.")
        case "name" if len(text) > LONGEST_NAME:
            raise BadValue("Shorten this text to 200 characters.")
        case "note" if len(text) > LONGEST_NOTE:
            raise BadValue("Shorten this text to 4000 characters.")
        case "needs":
            return _needs(text)
        case "language" if text not in LANGUAGES:
            raise BadValue(CHOOSE)
        case "preferred_channel" if text not in CHANNELS:
            raise BadValue(CHOOSE)
        case "preferred_moment" if text not in MOMENTS:
            raise BadValue(CHOOSE)
    return text


def _needs(text: str) -> str:
    """In the house's order, so that equal needs are equal text."""
    asked = set(filter(None, text.split(",")))
    if not asked <= set(NEEDS):
        raise BadValue(CHOOSE)
    return ",".join(need for need in NEEDS if need in asked)


def _changed(held: Mapping[str, str], wanted: Mapping[str, str]) -> Changes:
    return {name: (held[name], wanted[name]) for name in held if wanted.get(name, held[name]) != held[name]}


async def _store(
    db: AsyncSession, customer_id: UUID, columns: Changes, values: Mapping[UUID, tuple[str, str]]
) -> None:
    new = {name: after for name, (_, after) in columns.items()}
    if "name" in new:
        new["name_key"] = name_key(new["name"])
    await db.execute(
        update(Customer).where(Customer.id == customer_id).values(version=Customer.version + 1, **new)
    )
    gone = [attribute_id for attribute_id, (_, after) in values.items() if not after]
    if gone:
        own = (CustomerValue.customer_id == customer_id, CustomerValue.attribute_id.in_(gone))
        await db.execute(delete(CustomerValue).where(*own))
    for attribute_id, (_, after) in values.items():
        if after:
            row = insert(CustomerValue).values(
                brand_id=written_brand(db), customer_id=customer_id, attribute_id=attribute_id, value=after
            )
            key = ["brand_id", "customer_id", "attribute_id"]
            await db.execute(row.on_conflict_do_update(index_elements=key, set_={"value": after}))
