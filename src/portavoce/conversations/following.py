"""A customer's contacts, and what a change of the customer means for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.aftercare import Complaint, Promise
from portavoce.conversations.cases import part_cases
from portavoce.conversations.joins import on
from portavoce.conversations.leads.models import Lead
from portavoce.conversations.models import CareCase, Conversation, Interaction
from portavoce.conversations.thread_rows import EarlierRow
from portavoce.core.unit import poke, written_brand
from portavoce.customers.events import CustomersMerged, MergeUndone, ProfileChanged, ProfilesChanged
from portavoce.customers.merging import give_back, hand_over
from portavoce.ledger.models import Ticket

OF_A_CONTACT = (Promise, Complaint, Lead)
OF_A_CUSTOMER = (Conversation, CareCase, *OF_A_CONTACT)
MOST = 50
"""The newest; who looks at an older contact reads what is new when they open the next."""


async def show_anew(db: AsyncSession, event: ProfileChanged) -> None:
    await _show(db, [event.customer_id])


async def show_all_anew(db: AsyncSession, event: ProfilesChanged) -> None:
    await _show(db, event.customer_ids)


async def _show(db: AsyncSession, customer_ids: Sequence[UUID]) -> None:
    brand_id = written_brand(db)
    query = (
        select(Interaction.id)
        .join(Conversation, on(Conversation, Conversation.id, Interaction.conversation_id))
        .where(Conversation.customer_id.in_(customer_ids))
        .order_by(Interaction.opened_at.desc())
        .limit(MOST)
    )
    for interaction_id in await db.scalars(query):
        poke(db, "interaction", brand_id, interaction_id)
    poke(db, "queue", brand_id, customer_ids[0])


async def follow(db: AsyncSession, event: CustomersMerged) -> None:
    """The threads of the merged customer are the survivor's, and what was promised to them."""
    for table in OF_A_CUSTOMER:
        await hand_over(db, event.merge_id, table, table.customer_id, event.merged_id, event.survivor_id)


async def come_back(db: AsyncSession, event: MergeUndone) -> None:
    for table in OF_A_CUSTOMER:
        await give_back(db, event.merge_id, table, table.customer_id, event.merged_id, event.survivor_id)
    await part_cases(db, (event.merged_id, event.survivor_id))
    for kind in OF_A_CONTACT:
        await _go_with_its_contact(db, kind, event)


async def _go_with_its_contact(db: AsyncSession, table: Any, event: MergeUndone) -> None:
    """What was promised or passed on while they were one, in a thread that goes back."""
    theirs = (
        select(Interaction.id)
        .join(Conversation, on(Conversation, Conversation.id, Interaction.conversation_id))
        .where(Conversation.customer_id == event.merged_id)
    )
    later = update(table).where(table.customer_id == event.survivor_id, table.interaction_id.in_(theirs))
    await db.execute(later.values(customer_id=event.merged_id).execution_options(synchronize_session=False))


async def contacts_of(db: AsyncSession, customer_id: UUID) -> list[EarlierRow]:
    """The newest first, without their outcomes."""
    query = (
        select(
            Interaction.id,
            Interaction.channel,
            Conversation.subject,
            Interaction.state,
            Interaction.opened_at,
            Ticket.number,
        )
        .join(Conversation, on(Conversation, Conversation.id, Interaction.conversation_id))
        .outerjoin(Ticket, on(Ticket, Ticket.interaction_id, Interaction.id))
        .where(Conversation.customer_id == customer_id)
        .order_by(Interaction.opened_at.desc())
        .limit(MOST)
    )
    return [EarlierRow(*row, None) for row in await db.execute(query)]
