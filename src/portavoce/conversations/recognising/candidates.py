"""Who of this brand the contact may be of: asked by name, address, number of a telephone or of a contact, or suggested."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.joins import on
from portavoce.conversations.models import Conversation, Interaction
from portavoce.conversations.recognising.queries import known_addresses, stranger_of
from portavoce.customers.duplicates import duplicates_of
from portavoce.customers.masking import masked
from portavoce.customers.models import Customer, CustomerIdentity
from portavoce.ledger.models import Ticket
from portavoce.search.finding import find
from portavoce.search.vectors import asked

AT_MOST = 8
LONGEST = 200
NUMBER = re.compile(r"(?:#|n\.?\s?|no\.?\s?)?(\d{1,9})", re.IGNORECASE)


class Candidate(msgspec.Struct, frozen=True):
    """`known_as` is masked. `addresses`: where a code can go, by identity, masked too."""

    id: UUID
    name: str
    since: datetime
    known_as: tuple[str, ...]
    addresses: tuple[tuple[UUID, str], ...]


async def candidates(db: AsyncSession, brand_id: UUID, interaction_id: UUID, text: str) -> list[Candidate]:
    """The likeliest first, never the contact's own customer. Without a text, whoever looks like the same person."""
    stranger_id, opened_at = await stranger_of(db, interaction_id)
    text = text[:LONGEST].strip()
    if text:
        ids = await _asked(db, brand_id, text)
    else:
        ids = [each.id for each in await duplicates_of(db, stranger_id)]
    wanted = [each for each in dict.fromkeys(ids) if each != stranger_id][:AT_MOST]
    return await _shown(db, wanted, opened_at)


async def candidate(db: AsyncSession, interaction_id: UUID, customer_id: UUID) -> Candidate | None:
    """One of them again, when a form is shown anew."""
    stranger_id, opened_at = await stranger_of(db, interaction_id)
    found = await _shown(db, [customer_id], opened_at) if customer_id != stranger_id else []
    return found[0] if found else None


async def _asked(db: AsyncSession, brand_id: UUID, text: str) -> list[UUID]:
    found: list[UUID] = []
    if number := NUMBER.fullmatch(text):
        query = (
            select(Conversation.customer_id)
            .join(Interaction, on(Interaction, Interaction.conversation_id, Conversation.id))
            .join(Ticket, on(Ticket, Ticket.interaction_id, Interaction.id))
            .where(Ticket.number == int(number[1]))
        )
        found += (await db.scalars(query)).all()
    if asked(text):
        hits = await find(db, brand_id, text, kinds=("customer",), at_most=AT_MOST + 1)
        found += [hit.subject_id for hit in hits]
    return found


async def _shown(db: AsyncSession, ids: Sequence[UUID], before: datetime) -> list[Candidate]:
    if not ids:
        return []
    people = select(Customer.id, Customer.name, Customer.created_at).where(
        Customer.id.in_(ids), Customer.merged_into.is_(None)
    )
    rows = {row.id: row for row in await db.execute(people)}
    known: dict[UUID, list[str]] = {}
    identities = (
        select(CustomerIdentity.customer_id, CustomerIdentity.channel, CustomerIdentity.value)
        .where(CustomerIdentity.customer_id.in_(rows))
        .order_by(CustomerIdentity.created_at, CustomerIdentity.id)
    )
    for customer_id, channel, value in await db.execute(identities):
        known.setdefault(customer_id, []).append(masked(channel, value))
    addresses: dict[UUID, list[tuple[UUID, str]]] = {}
    for each in await known_addresses(db, list(rows), before=before):
        addresses.setdefault(each.customer_id, []).append((each.id, masked("email", each.value)))
    return [
        Candidate(
            id=each,
            name=rows[each].name,
            since=rows[each].created_at,
            known_as=tuple(dict.fromkeys(known.get(each, ()))),
            addresses=tuple(addresses.get(each, ())),
        )
        for each in ids
        if each in rows
    ]
