"""What a search found in one brand, as the desk lists it: messages and notes, customers, the contact with a number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.joins import contacts, on
from portavoce.conversations.models import Conversation, Interaction, Message
from portavoce.customers.models import Customer, CustomerIdentity
from portavoce.ledger.models import Ticket

READ = 20_000
"""Characters of a message in which the passage is looked for."""
IDS: BindParameter[Any] = bindparam("ids", expanding=True)


class FoundContact(msgspec.Struct, frozen=True):
    """A message of a contact, or (`message_id` None) the contact itself by its number."""

    brand_id: UUID
    interaction_id: UUID
    customer: str
    language: str
    channel: str
    ticket: int | None
    subject: str
    at: datetime
    message_id: UUID | None = None
    direction: str = ""
    body: str = ""


class FoundCustomer(msgspec.Struct, frozen=True):
    """`interaction_id` is the latest contact, None for somebody who never had one."""

    brand_id: UUID
    id: UUID
    name: str
    since: datetime
    interaction_id: UUID | None
    identities: tuple[str, ...] = ()


CONTACT = (
    Interaction.brand_id,
    Interaction.id,
    Customer.name,
    Customer.language,
    Interaction.channel,
    Ticket.number,
    Conversation.subject,
)
# Built once: building a statement costs more than running it.
MESSAGES = (
    contacts((*CONTACT, Message.at, Message.id, Message.direction, func.left(Message.body, READ)))
    .join(Message, on(Message, Message.interaction_id, Interaction.id))
    .where(Message.id.in_(IDS))
)
NUMBERED = contacts((*CONTACT, Interaction.opened_at)).where(Ticket.number == bindparam("number"))
LATEST = (
    select(Interaction.id)
    .join(Conversation, on(Conversation, Conversation.id, Interaction.conversation_id))
    .where(Conversation.brand_id == Customer.brand_id, Conversation.customer_id == Customer.id)
    .order_by(Interaction.opened_at.desc(), Interaction.id.desc())
    .limit(1)
    .correlate(Customer)
    .scalar_subquery()
)
CUSTOMERS = select(Customer.brand_id, Customer.id, Customer.name, Customer.created_at, LATEST).where(
    Customer.id.in_(IDS)
)
IDENTITIES = (
    select(CustomerIdentity.customer_id, CustomerIdentity.shown)
    .where(CustomerIdentity.customer_id.in_(IDS))
    .order_by(CustomerIdentity.created_at)
)


async def found_messages(db: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, FoundContact]:
    """By id of the message; what is no longer there is absent."""
    rows = await db.execute(MESSAGES, {"ids": ids}) if ids else ()
    return {row[8]: FoundContact(*row) for row in rows}


async def found_customers(db: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, FoundCustomer]:
    """By id of the customer; what is no longer there is absent."""
    if not ids:
        return {}
    known: dict[UUID, list[str]] = {}
    for customer_id, shown in await db.execute(IDENTITIES, {"ids": ids}):
        known.setdefault(customer_id, []).append(shown)
    rows = await db.execute(CUSTOMERS, {"ids": ids})
    return {row[1]: FoundCustomer(*row, tuple(known.get(row[1], ()))) for row in rows}


async def found_by_number(db: AsyncSession, number: int) -> FoundContact | None:
    """Each brand counts its own contacts."""
    row = (await db.execute(NUMBERED, {"number": number})).one_or_none()
    return FoundContact(*row) if row else None
