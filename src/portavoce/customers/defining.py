"""What a brand asks about its customers: add a question, change it, put it in order, take it off the profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.core.unit import new_id, now
from portavoce.customers.attributes import KINDS, is_key
from portavoce.customers.errors import BadAttribute, NoCustomer
from portavoce.customers.models import CustomerAttribute

MOST = 40
MOST_CHOICES = 50
LONGEST_LABEL = 80


class AttributeRow(NamedTuple):
    id: UUID
    key: str
    label: str
    kind: str
    choices: str
    masked: bool
    position: int
    retired: bool

    @property
    def options(self) -> list[str]:
        return self.choices.splitlines()


async def attributes(db: AsyncSession) -> list[AttributeRow]:
    """All of the brand in scope, those in use first, in their order."""
    query = select(
        CustomerAttribute.id,
        CustomerAttribute.key,
        CustomerAttribute.label,
        CustomerAttribute.kind,
        CustomerAttribute.choices,
        CustomerAttribute.masked,
        CustomerAttribute.position,
        CustomerAttribute.retired_at.is_not(None),
    ).order_by(CustomerAttribute.retired_at.is_not(None), CustomerAttribute.position, CustomerAttribute.id)
    return [AttributeRow(*row) for row in await db.execute(query)]


async def add_attribute(
    db: AsyncSession, *, key: str, label: str, kind: str, choices: Sequence[str] = (), masked: bool = False,
    by: str,
) -> UUID:  # fmt: skip
    """At the end of the list. BadAttribute with a sentence by field."""
    known = await attributes(db)
    errors = _errors(label, kind, choices)
    if not is_key(key):
        errors["key"] = "Use up to 40 small letters, digits and underscores, a letter first."
    elif key in {each.key for each in known}:
        errors["key"] = "This brand has an attribute with this key already."
    if len(known) >= MOST:
        errors["key"] = "A brand has 40 attributes at most."
    if errors:
        raise BadAttribute("Check the fields below.", **errors)
    row = CustomerAttribute(
        id=new_id(db),
        key=key,
        label=label,
        kind=kind,
        choices="\n".join(choices),
        masked=masked,
        position=max((each.position for each in known), default=0) + 1,
        created_at=now(db),
    )
    db.add(row)
    await db.flush()
    audit(db, by, "attribute.added", "customer_attribute", row.id, key=key, kind=kind, masked=masked)
    return row.id


async def change_attribute(
    db: AsyncSession, attribute_id: UUID, *, label: str, choices: Sequence[str], masked: bool, position: int,
    by: str,
) -> None:  # fmt: skip
    """Key and kind stay: values were written under them. A choice that is taken away stays with whoever has it."""
    row = await _one(db, attribute_id)
    if errors := _errors(label, row.kind, choices):
        raise BadAttribute("Check the fields below.", **errors)
    row.label, row.choices, row.masked = label, "\n".join(choices), masked
    await _place(db, row, position)
    audit(db, by, "attribute.changed", "customer_attribute", row.id, masked=masked)


async def retire_attribute(db: AsyncSession, attribute_id: UUID, *, retired: bool, by: str) -> None:
    """Off the profile, or back on it; values stay where they are."""
    row = await _one(db, attribute_id)
    row.retired_at = now(db) if retired else None
    act = "attribute.retired" if retired else "attribute.restored"
    audit(db, by, act, "customer_attribute", row.id)


async def _one(db: AsyncSession, attribute_id: UUID) -> CustomerAttribute:
    query = select(CustomerAttribute).where(CustomerAttribute.id == attribute_id)
    row = (await db.scalars(query)).one_or_none()
    if row is None:
        raise NoCustomer("This page does not exist.")
    return row


async def _place(db: AsyncSession, row: CustomerAttribute, position: int) -> None:
    """The others close up around it."""
    others = (
        await db.scalars(
            select(CustomerAttribute)
            .where(CustomerAttribute.id != row.id)
            .order_by(CustomerAttribute.position, CustomerAttribute.id)
        )
    ).all()
    before = max(0, position - 1)
    for number, each in enumerate([*others[:before], row, *others[before:]], 1):
        each.position = number


def _errors(label: str, kind: str, choices: Sequence[str]) -> dict[str, str]:
    errors = {}
    if not 1 <= len(label) <= LONGEST_LABEL:
        errors["label"] = "Write from 1 to 80 characters."
    if kind not in KINDS:
        errors["kind"] = "Choose one of the options shown."
    if kind == "choice" and not 2 <= len(set(choices)) <= MOST_CHOICES:
        errors["choices"] = "Write from 2 to 50 different options, one a line."
    if any(len(each) > LONGEST_LABEL for each in choices):
        errors["choices"] = "Shorten each option to 80 characters."
    return errors
