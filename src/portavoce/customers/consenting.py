"""What a customer allows: every word of it is a new row, and the latest counts. Without a source there is none."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.core.unit import emit, new_id, now
from portavoce.customers.errors import BadConsent, NoCustomer
from portavoce.customers.events import ProfileChanged
from portavoce.customers.models import CONSENT_CHANNELS, PURPOSES, Customer, CustomerConsent
from portavoce.customers.queries import FAMILY, MISSING
from portavoce.ledger.facts import record

LONGEST = 500


async def note_consent(
    db: AsyncSession,
    customer_id: UUID,
    *,
    purpose: str,
    channel: str,
    given: bool,
    source: str,
    proof: str = "",
    by: BrandAgent,
) -> UUID:
    """Append what the customer said. `source`: where they said it; `proof`: what shows it. BadConsent by field."""
    source, proof = source.strip(), proof.strip()
    if errors := _errors(purpose, channel, source, proof):
        raise BadConsent("Check the fields below.", **errors)
    known = select(Customer.id).where(Customer.id == customer_id)
    if (await db.scalars(known)).one_or_none() is None:
        raise NoCustomer(MISSING)
    row = CustomerConsent(
        id=new_id(db),
        customer_id=customer_id,
        purpose=purpose,
        channel=channel,
        given=given,
        source=source,
        proof=proof,
        at=now(db),
        brand_agent_id=by.id,
    )
    db.add(row)
    record(
        db,
        "customer.consented" if given else "customer.withdrew",
        actor=str(by.id),
        brand_agent_id=by.id,
        customer=customer_id,
        consent=row.id,
        purpose=purpose,
        channel=channel,
    )
    await emit(db, ProfileChanged(customer_id))
    return row.id


async def allows(db: AsyncSession, customer_id: UUID, purpose: str, channel: str) -> bool:
    """By their latest word about this channel, or about all of them."""
    said = (
        select(CustomerConsent.given)
        .where(
            CustomerConsent.customer_id.in_(FAMILY),
            CustomerConsent.purpose == purpose,
            CustomerConsent.channel.in_({channel, "any"}),
        )
        .order_by(CustomerConsent.at.desc(), CustomerConsent.id.desc())
    )
    return bool(await db.scalar(said.limit(1), {"customer": customer_id}))


def _errors(purpose: str, channel: str, source: str, proof: str) -> dict[str, str]:
    errors = {}
    if purpose not in PURPOSES:
        errors["purpose"] = "Choose one of the options shown."
    if channel not in CONSENT_CHANNELS:
        errors["channel"] = "Choose one of the options shown."
    if not source:
        errors["source"] = "Write where the customer said so: a consent without a source does not count."
    for name, text in (("source", source), ("proof", proof)):
        if len(text) > LONGEST:
            errors[name] = "Shorten this text to 500 characters."
    return errors
