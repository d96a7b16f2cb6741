"""Whose visit it was: somebody who was looked up, somebody new, or nobody in particular."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.visits.continuing import known_address
from portavoce.conversations.visits.errors import BadVisit
from portavoce.conversations.visits.looking_up import looked_up
from portavoce.conversations.visits.telling import CHECK, KNOWN, NEW, Told
from portavoce.core.unit import new_id, now
from portavoce.customers.errors import BadProfile, UnusableIdentity
from portavoce.customers.finding import find, find_or_create, spell
from portavoce.customers.identifying import UNREADABLE, add_identity
from portavoce.customers.indexing import enter_customer
from portavoce.customers.models import Customer

NAMELESS = {"it": "Visitatore senza nome", "en": "Visitor without a name"}
GONE = "Look the customer up again."
NO_ADDRESS = "No mail address of this customer is known. Write the one to which the answer goes."


async def visitor_of(db: AsyncSession, told: Told, language: str, *, by: BrandAgent) -> Customer:
    """BadVisit by field. A new one who is known by what was typed is that customer: nobody here learns of it."""
    if told.visitor == KNOWN:
        return await _known(db, told, by=by)
    if told.visitor == NEW:
        return await _new(db, told, language, by=by)
    nobody = Customer(
        id=new_id(db),
        name=NAMELESS.get(language, NAMELESS["en"]),
        name_key="",
        language=language,
        created_at=now(db),
    )
    db.add(nobody)
    await db.flush()
    enter_customer(db, nobody, [])
    return nobody


async def address_of(db: AsyncSession, told: Told, customer: Customer, *, by: BrandAgent) -> str:
    """Where the answer goes: to what was typed, which is theirs from now on, or to the first that is known."""
    if told.email.strip():
        value = await _spelled(db, "email", told.email)
        owner = await find(db, "email", value)
        if owner is None and told.visitor == KNOWN:
            await add_identity(db, customer.id, "email", told.email, by=by)
        elif owner is None or owner.id != customer.id:
            raise BadVisit(CHECK, email=UNREADABLE)
        return value
    known = await known_address(db, customer.id)
    if known is None:
        raise BadVisit(CHECK, email=NO_ADDRESS)
    return known


async def _known(db: AsyncSession, told: Told, *, by: BrandAgent) -> Customer:
    match = await looked_up(db, told.lookup, by=by) if told.lookup else None
    if match is None:
        raise BadVisit(CHECK, visitor=GONE)
    # Nobody merges or parts them meanwhile, as for a mail that is filed.
    query = select(Customer).where(Customer.id == match.customer_id).with_for_update(read=True)
    return (await db.scalars(query)).one()


async def _new(db: AsyncSession, told: Told, language: str, *, by: BrandAgent) -> Customer:
    """Found by the mail address, else by the number. Only of somebody we had not known both are kept."""
    typed = [
        (channel, text) for channel, text in (("email", told.email), ("phone", told.phone)) if text.strip()
    ]
    for channel, text in typed:
        await _spelled(db, channel, text)
    (channel, text), *others = typed
    was_known = await find(db, channel, text) is not None
    customer = await find_or_create(db, channel, text, " ".join(told.name.split()), language)
    if not was_known:
        for channel, text in others:
            await _keep(db, customer, channel, text, by=by)
    return customer


async def _keep(db: AsyncSession, customer: Customer, channel: str, text: str, *, by: BrandAgent) -> None:
    """Another customer's stays theirs: two people are never mixed."""
    if await find(db, channel, text) is None:
        await add_identity(db, customer.id, channel, text, by=by)


async def _spelled(db: AsyncSession, channel: str, text: str) -> str:
    try:
        return await spell(db, channel, text)
    except (UnusableIdentity, BadProfile) as error:
        raise BadVisit(CHECK, **{channel: UNREADABLE}) from error
