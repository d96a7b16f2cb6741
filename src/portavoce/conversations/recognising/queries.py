"""What is known about a link and about the codes of a contact: columns, one statement a list."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.errors import NoInteraction
from portavoce.conversations.joins import on
from portavoce.conversations.models import Conversation, Interaction
from portavoce.conversations.recognising.models import VERIFIED, WAITING, CustomerCode, CustomerLink
from portavoce.conversations.recognising.rows import IdentityRow, Linked
from portavoce.core.unit import now
from portavoce.customers.models import CustomerIdentity, CustomerMerge, CustomerMove

BY_MAIL = "email"

IDENTITIES = (
    select(
        CustomerIdentity.id,
        CustomerIdentity.channel,
        CustomerIdentity.shown,
        CustomerLink.confidence,
        CustomerLink.evidence,
        CustomerLink.words,
        BrandAgent.alias,
        CustomerMerge.at,
    )
    .outerjoin(
        CustomerMove,
        on(CustomerMove, CustomerMove.row_id, CustomerIdentity.id)
        & (CustomerMove.kind == CustomerIdentity.__tablename__),
    )
    .outerjoin(
        CustomerMerge,
        on(CustomerMerge, CustomerMerge.id, CustomerMove.merge_id) & CustomerMerge.undone_at.is_(None),
    )
    .outerjoin(CustomerLink, on(CustomerLink, CustomerLink.merge_id, CustomerMerge.id))
    .outerjoin(
        BrandAgent,
        on(BrandAgent, BrandAgent.id, CustomerMerge.brand_agent_id),
    )
    .where(CustomerIdentity.customer_id == bindparam("customer"))
    .order_by(CustomerIdentity.created_at, CustomerIdentity.id, CustomerMerge.at, CustomerMerge.id)
)


class Sent(msgspec.Struct, frozen=True):
    """A code that can still be typed in."""

    id: UUID
    customer_id: UUID
    sent_to: str
    at: datetime
    expires_at: datetime
    left_at: datetime | None
    failure: str | None


class KnownAddress(msgspec.Struct, frozen=True):
    customer_id: UUID
    id: UUID
    value: str


async def stranger_of(db: AsyncSession, interaction_id: UUID) -> tuple[UUID, datetime]:
    """The customer of a contact as it stands, and since when the contact is open. NoInteraction."""
    query = (
        select(Conversation.customer_id, Interaction.opened_at)
        .join(Interaction, on(Interaction, Interaction.conversation_id, Conversation.id))
        .where(Interaction.id == interaction_id)
    )
    row = (await db.execute(query)).one_or_none()
    if row is None:
        raise NoInteraction("This contact does not exist.")
    return row[0], row[1]


async def known_addresses(
    db: AsyncSession, customer_ids: list[UUID], *, before: datetime
) -> list[KnownAddress]:
    """Mail addresses that prove something: the customer's own since before the contact began.

    Not those that came by a merge nobody proved: whoever got one profile linked by words would be sent the codes.
    """
    proved = exists().where(
        CustomerLink.brand_id == CustomerMove.brand_id,
        CustomerLink.merge_id == CustomerMove.merge_id,
        CustomerLink.confidence == VERIFIED,
    )
    handed = (
        select(CustomerMove.row_id)
        .join(CustomerMerge, on(CustomerMerge, CustomerMerge.id, CustomerMove.merge_id))
        .where(
            CustomerMove.brand_id == CustomerIdentity.brand_id,
            CustomerMove.row_id == CustomerIdentity.id,
            CustomerMove.kind == CustomerIdentity.__tablename__,
            CustomerMerge.undone_at.is_(None),
            ~proved,
        )
    )
    query = (
        select(CustomerIdentity.customer_id, CustomerIdentity.id, CustomerIdentity.value)
        .where(
            CustomerIdentity.customer_id.in_(customer_ids),
            CustomerIdentity.channel == BY_MAIL,
            CustomerIdentity.created_at <= before,
            ~handed.exists(),
        )
        .order_by(CustomerIdentity.created_at, CustomerIdentity.id)
    )
    return [KnownAddress(*row) for row in await db.execute(query)]


async def code_of_contact(db: AsyncSession, interaction_id: UUID) -> Sent | None:
    query = (
        select(
            CustomerCode.id,
            CustomerCode.customer_id,
            CustomerCode.sent_to,
            CustomerCode.at,
            CustomerCode.expires_at,
            CustomerCode.left_at,
            CustomerCode.failure,
        )
        .where(
            CustomerCode.interaction_id == interaction_id,
            CustomerCode.state == WAITING,
            CustomerCode.expires_at > now(db),
        )
        .order_by(CustomerCode.at.desc(), CustomerCode.id.desc())
        .limit(1)
    )
    row = (await db.execute(query)).one_or_none()
    return Sent(*row) if row else None


async def identities_of(db: AsyncSession, customer_id: UUID) -> tuple[IdentityRow, ...]:
    """By what the customer is known, the oldest first, with the latest link that stands."""
    found: dict[UUID, IdentityRow] = {}
    for id_, channel, shown, confidence, evidence, words, alias, at in await db.execute(
        IDENTITIES, {"customer": customer_id}
    ):
        linked = Linked(confidence, evidence, words, alias, at) if confidence else None
        before = found[id_].link if id_ in found else None
        found[id_] = IdentityRow(id_, channel, shown, linked or before)
    return tuple(found.values())
