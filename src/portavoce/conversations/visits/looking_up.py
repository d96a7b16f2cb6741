"""Who stands at the counter? Asked by telephone number, mail address or the brand's customer code, answered by a mask.

A clerk says what the visitor said and sees enough for the visitor to know themselves by. Each look-up is in the audit,
whose entry is what the form then carries: no id of a customer ever leaves, and a visit can only be filed for somebody
whom this clerk has just looked up.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.audit.auditing import audit
from portavoce.audit.models import AuditEntry
from portavoce.core.unit import now
from portavoce.customers.errors import UnusableIdentity
from portavoce.customers.finding import spell
from portavoce.customers.identities import BY_NUMBER
from portavoce.customers.masking import masked, masked_name
from portavoce.customers.models import Customer, CustomerAttribute, CustomerIdentity, CustomerValue

LOOKED_UP = "customer.looked_up"
CODES = (
    "customer_code",
    "codice_cliente",
    "customer_number",
    "numero_cliente",
    "loyalty_card",
    "carta_fedelta",
)
"""Keys of attributes that a brand's customers know by heart."""
GOOD_FOR = timedelta(hours=73)
"""As long as a visit may be sent after it happened, and the time to fill the form in."""
LONGEST = 200
SHOWN = 4


class Match(msgspec.Struct, frozen=True):
    """`lookup` is the audit's entry, `customer_id` stays on the server. `mail`: whether a mail address is known."""

    lookup: UUID
    customer_id: UUID
    name: str
    known_as: tuple[str, ...]
    mail: bool


async def look_up(db: AsyncSession, text: str, *, by: BrandAgent) -> Match | None:
    """Exactly what was typed, of the brand in scope, or nobody; of several people also nobody."""
    text = text.strip()[:LONGEST]
    way, found = await _found(db, text)
    customer_id = next(iter(found)) if len(found) == 1 else None
    lookup = audit(db, str(by.id), LOOKED_UP, "customer", customer_id, by=way)
    return await _match(db, lookup, customer_id) if customer_id else None


async def looked_up(db: AsyncSession, lookup: UUID, *, by: BrandAgent) -> Match | None:
    """Whom this clerk found by that look-up, as they are known now; None for any other entry of the audit."""
    query = select(AuditEntry.subject_id).where(
        AuditEntry.id == lookup,
        AuditEntry.actor == str(by.id),
        AuditEntry.action == LOOKED_UP,
        AuditEntry.at >= now(db) - GOOD_FOR,
    )
    customer_id = await db.scalar(query)
    return await _match(db, lookup, customer_id) if customer_id else None


async def _found(db: AsyncSession, text: str) -> tuple[str, set[UUID]]:
    """How it was asked for, and who is known by it."""
    if "@" in text:
        return "email", await _known_by(db, ("email",), text)
    found = await _known_by(db, tuple(sorted(BY_NUMBER)), text)
    return ("phone", found) if found else ("code", await _with_code(db, text))


async def _known_by(db: AsyncSession, channels: tuple[str, ...], text: str) -> set[UUID]:
    try:
        value = await spell(db, channels[0], text)
    except UnusableIdentity:
        return set()
    query = select(CustomerIdentity.customer_id).where(
        CustomerIdentity.channel.in_(channels), CustomerIdentity.value == value
    )
    return set(await db.scalars(query))


async def _with_code(db: AsyncSession, text: str) -> set[UUID]:
    if not text:
        return set()
    joined = and_(
        CustomerAttribute.brand_id == CustomerValue.brand_id,
        CustomerAttribute.id == CustomerValue.attribute_id,
    )
    query = (
        select(CustomerValue.customer_id)
        .join(CustomerAttribute, joined)
        .where(
            CustomerAttribute.key.in_(CODES),
            CustomerAttribute.retired_at.is_(None),
            CustomerValue.value == text,
        )
        .limit(2)
    )
    return {await _standing(db, each) for each in (await db.scalars(query)).all()}


async def _standing(db: AsyncSession, customer_id: UUID) -> UUID:
    """The customer, or whoever stands for it since a merge."""
    survivor = await db.scalar(select(Customer.merged_into).where(Customer.id == customer_id))
    return survivor or customer_id


async def _match(db: AsyncSession, lookup: UUID, customer_id: UUID) -> Match | None:
    customer_id = await _standing(db, customer_id)
    name = await db.scalar(select(Customer.name).where(Customer.id == customer_id))
    if name is None:
        return None
    query = (
        select(CustomerIdentity.channel, CustomerIdentity.value)
        .where(CustomerIdentity.customer_id == customer_id)
        .order_by(CustomerIdentity.created_at, CustomerIdentity.id)
    )
    known = (await db.execute(query)).all()
    shown = dict.fromkeys(masked(channel, value) for channel, value in known)
    return Match(
        lookup,
        customer_id,
        masked_name(name),
        tuple(shown)[:SHOWN],
        any(channel == "email" for channel, _ in known),
    )
