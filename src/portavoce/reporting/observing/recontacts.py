"""Whoever comes back about the same matter was not helped the first time: said on the earlier contact, as a fact of its own.

The same matter is the same reason of the same customer, on whatever channel, or a contact that follows the earlier one.
What is said depends on rows of today, who the customer is above all; the figure depends on the facts alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, any_, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.models import Conversation, Interaction
from portavoce.conversations.threads.models import ThreadMerge
from portavoce.ledger.facts import record
from portavoce.ledger.models import LedgerEvent
from portavoce.reporting.facts import read_body
from portavoce.reporting.observing.gauging import AGAIN, NOT_AGAIN
from portavoce.reporting.observing.reading import News
from portavoce.sla.clocks.facts import CLOSED
from portavoce.sla.clocks.rules import Terms
from portavoce.sla.metrics import Metric

REASON = "reason.chosen"
TELLING = frozenset({CLOSED, REASON})
"""What may show that two contacts are about the same."""


class Contact(NamedTuple):
    """One contact as its row has it; `reason` is None while nobody said one."""

    id: UUID
    customer_id: UUID
    lob_id: UUID
    reason_id: UUID | None
    follows_id: UUID | None
    opened_at: datetime
    closed_at: datetime | None


class Pair(NamedTuple):
    """The later contact was begun about the matter of the earlier one."""

    earlier: UUID
    later: UUID


async def tell_recontacts(db: AsyncSession, found: Iterable[News], terms: Sequence[Terms]) -> None:
    """Only where a version of the contract measures it. What was told already is not told again."""
    windows = [
        gauge.window for each in terms for gauge in each.gauges if gauge.of == Metric.FIRST_CONTACT_RESOLUTION
    ]
    touched = {each.interaction_id for each in found if each.kind in TELLING and each.interaction_id}
    if not windows or not touched:
        return
    contacts = {row.id: Contact(*row) for row in await db.execute(_beside(touched))}
    told = await _told(db, contacts)
    for pair in sorted(_pairs(contacts, touched)):
        earlier, later = contacts[pair.earlier], contacts[pair.later]
        same = is_same(earlier, later)
        ended = earlier.closed_at is not None and later.opened_at <= earlier.closed_at + max(windows)
        if same and ended and pair not in told:
            _tell(db, AGAIN, earlier, later)
        elif not same and pair in told:
            _tell(db, NOT_AGAIN, earlier, later)


def is_same(earlier: Contact, later: Contact) -> bool:
    """Without a reason on either side silence says nothing."""
    known = earlier.reason_id is not None and earlier.reason_id == later.reason_id
    return known or later.follows_id == earlier.id


def _pairs(contacts: Mapping[UUID, Contact], touched: set[UUID]) -> set[Pair]:
    """Each that was touched with all others of its customer, in order of time."""
    return {
        Pair(earlier.id, later.id)
        for one in touched & contacts.keys()
        for other in contacts.values()
        if other.customer_id == contacts[one].customer_id
        for earlier, later in [sorted((contacts[one], other), key=lambda each: each.opened_at)]
        if earlier.opened_at < later.opened_at
    }


def _beside(touched: Iterable[UUID]) -> Select[*tuple[Any, ...]]:
    """All contacts of the same customers; who wrote twice about the same and was put together is one contact."""
    customers = (
        select(Conversation.customer_id)
        .join(
            Interaction,
            (Interaction.brand_id == Conversation.brand_id)
            & (Interaction.conversation_id == Conversation.id),
        )
        .where(Interaction.id == any_(literal(list(touched), ARRAY(Uuid))))
    )
    merged = (
        select(ThreadMerge.id)
        .where(
            ThreadMerge.brand_id == Interaction.brand_id,
            ThreadMerge.dropped_id == Interaction.id,
            ThreadMerge.undone_at.is_(None),
        )
        .exists()
    )
    return (
        select(
            Interaction.id,
            Conversation.customer_id,
            Interaction.lob_id,
            Interaction.reason_id,
            Interaction.follows_id,
            Interaction.opened_at,
            Interaction.closed_at,
        )
        .join(
            Conversation,
            (Conversation.brand_id == Interaction.brand_id)
            & (Conversation.id == Interaction.conversation_id),
        )
        .where(Conversation.customer_id.in_(customers), ~merged)
    )


async def _told(db: AsyncSession, contacts: Iterable[UUID]) -> set[Pair]:
    """As the ledger says it last."""
    query = (
        select(LedgerEvent.interaction_id, LedgerEvent.kind, LedgerEvent.body)
        .where(
            LedgerEvent.interaction_id == any_(literal(list(contacts), ARRAY(Uuid))),
            or_(LedgerEvent.kind == AGAIN, LedgerEvent.kind == NOT_AGAIN),
        )
        .order_by(LedgerEvent.n)
    )
    told: set[Pair] = set()
    for row in await db.execute(query):
        pair = Pair(row.interaction_id, UUID(str(read_body(row.body)["by"])))
        told = told | {pair} if row.kind == AGAIN else told - {pair}
    return told


def _tell(db: AsyncSession, kind: str, earlier: Contact, later: Contact) -> None:
    record(
        db, kind, at=later.opened_at, lob_id=earlier.lob_id, interaction_id=earlier.id, by=later.id,
    )  # fmt: skip
