"""Cases: which contacts of a customer are about one problem, said by whoever works on them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.errors import NoCase
from portavoce.conversations.holding import held_by
from portavoce.conversations.joins import on
from portavoce.conversations.models import CareCase, Conversation, Interaction
from portavoce.conversations.queries import interaction as load
from portavoce.core.unit import emit, new_id, now, written_brand
from portavoce.customers.events import ProfileChanged
from portavoce.ledger.facts import record

MOST = 20
GONE = "This case is not there any more. Choose another one."


class CaseRow(msgspec.Struct, frozen=True):
    """`contacts`: how many are grouped in it; `last_at`: when the newest was opened."""

    id: UUID
    subject: str
    contacts: int
    last_at: datetime


def begin_case(db: AsyncSession, customer_id: UUID, subject: str) -> CareCase:
    """Not added yet: it is stored together with its first contact."""
    return CareCase(
        brand_id=written_brand(db), id=new_id(db), customer_id=customer_id, subject=subject, opened_at=now(db)
    )


async def move_to_case(
    db: AsyncSession, interaction_id: UUID, case_id: UUID | None, *, by: BrandAgent
) -> Interaction:
    """By the holder; None: into a case of its own. NoCase unless the case is one of the same customer.

    Where the contact already is, or alone in its case, nothing changes.
    """
    moved = await load(db, interaction_id)
    held_by(moved, by)
    thread = await db.get_one(Conversation, (moved.brand_id, moved.conversation_id))
    if case_id is None:
        if moved.care_case_id is not None and await _alone(db, moved):
            return moved
        case = begin_case(db, thread.customer_id, thread.subject)
        db.add(case)
        await db.flush()
    else:
        case = await _case_of(db, case_id, thread.customer_id)
    if moved.care_case_id == case.id:
        return moved
    before, moved.care_case_id = moved.care_case_id, case.id
    record(
        db,
        "case.moved",
        actor=str(by.id),
        lob_id=moved.lob_id,
        care_case_id=case.id,
        interaction_id=moved.id,
        brand_agent_id=by.id,
        before=before,
    )
    await emit(db, ProfileChanged(thread.customer_id))
    return moved


async def part_cases(db: AsyncSession, customers: Collection[UUID]) -> None:
    """After a merge was undone: what was grouped meanwhile over both customers is a case of each."""
    query = (
        select(Interaction, Conversation.customer_id, CareCase.subject)
        .join(Conversation, on(Conversation, Conversation.id, Interaction.conversation_id))
        .join(CareCase, on(CareCase, CareCase.id, Interaction.care_case_id))
        .where(CareCase.customer_id.in_(customers), Conversation.customer_id != CareCase.customer_id)
        .order_by(Interaction.id)
    )
    parted: dict[tuple[UUID | None, UUID], CareCase] = {}
    found = (await db.execute(query)).all()
    for contact, customer_id, subject in found:
        place = contact.care_case_id, customer_id
        if place not in parted:
            parted[place] = begin_case(db, customer_id, subject)
            db.add(parted[place])
    await db.flush()
    for contact, customer_id, _ in found:
        contact.care_case_id = parted[contact.care_case_id, customer_id].id


async def cases_of(db: AsyncSession, customer_id: UUID) -> Sequence[CaseRow]:
    """Those with contacts, the one with the newest first."""
    newest = func.max(Interaction.opened_at)
    query = (
        select(CareCase.id, CareCase.subject, func.count(), newest)
        .join(Interaction, on(Interaction, Interaction.care_case_id, CareCase.id))
        .where(CareCase.customer_id == customer_id)
        .group_by(CareCase.id, CareCase.subject)
        .order_by(newest.desc(), CareCase.id)
        .limit(MOST)
    )
    return [CaseRow(*row) for row in await db.execute(query)]


async def _alone(db: AsyncSession, contact: Interaction) -> bool:
    query = select(Interaction.id).where(
        Interaction.care_case_id == contact.care_case_id, Interaction.id != contact.id
    )
    return (await db.scalars(query.limit(1))).first() is None


async def _case_of(db: AsyncSession, case_id: UUID, customer_id: UUID) -> CareCase:
    query = select(CareCase).where(CareCase.id == case_id, CareCase.customer_id == customer_id)
    found = (await db.scalars(query)).one_or_none()
    if found is None:
        raise NoCase(GONE, care_case="gone")
    return found
