"""Two open contacts of one customer about the same: one goes on, the other is closed as merged into it.

The closed one says so by a fact of its own, which stands for its outcome; nothing told before is told anew. Its messages
stay where they were written and are read with the other thread's, and whatever its customer still writes to it arrives
there. `choosing` says which of the two goes on.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.capacity import give_back_units
from portavoce.agents.models import AgentSlot, BrandAgent
from portavoce.agents.timeline import lock_slot
from portavoce.conversations.aftercare import Complaint
from portavoce.conversations.approvals.asking import WAITS
from portavoce.conversations.approvals.queries import open_approval
from portavoce.conversations.back_office.queries import open_request
from portavoce.conversations.claiming import claim
from portavoce.conversations.events import InteractionClosed
from portavoce.conversations.handling import end_segments
from portavoce.conversations.holding import held_by
from portavoce.conversations.models import Conversation, Interaction, Message, WorkItem
from portavoce.conversations.queries import work_and_interaction
from portavoce.conversations.threads.choosing import Clock, goes_on
from portavoce.conversations.threads.errors import CannotMerge
from portavoce.conversations.threads.models import ThreadMerge
from portavoce.conversations.threads.queries import has_taken_in
from portavoce.core.unit import emit, new_id, now, poke, written_brand
from portavoce.ledger.facts import record

UNDER_WAY = ("queued", "sending", "uncertain")
MERGED = "merged"
"""The outcome of the system: no choice of a tree, and nothing that figures count."""
OTHER_CUSTOMER = "Only contacts of the same customer can be put together."
NOT_OPEN = "This contact is not open any more, or somebody else has it."
LEAVING = "An answer of this contact has not left yet. Wait until it has."
ASKED = "The client has an open question about this contact. Take it back first."
COMPLAINT = "A complaint stays a contact of its own."
TAKEN_IN = "Others were put together with this contact already. Part them first."


async def merge_contacts(db: AsyncSession, held_id: UUID, other_id: UUID, *, by: BrandAgent) -> ThreadMerge:
    """`by` holds the one and then holds whichever goes on. CannotMerge says why not; nothing has changed then."""
    slot = await lock_slot(db, by.agent_id)
    if held_id == other_id:
        raise CannotMerge(OTHER_CUSTOMER)
    rows = {each: await work_and_interaction(db, each) for each in sorted((held_id, other_id))}
    held_by(rows[held_id][1], by)
    await _require_of_one_customer(db, *(row for _, row in rows.values()))
    other = rows[other_id][1]
    if other.state != "waiting" and (other.state, other.brand_agent_id) != ("assigned", by.id):
        raise CannotMerge(NOT_OPEN)
    kept_id = goes_on(
        Clock(row.id, row.opened_at, row.due_at, row.first_response_at) for _, row in rows.values()
    )
    kept, (work, dropped) = rows[kept_id][1], rows[other_id if kept_id == held_id else held_id]
    await _require_free(db, dropped)
    merge = _row(db, kept, work, dropped, by)
    db.add(merge)
    await _close(db, slot, work, dropped, by, into=kept)
    if kept.state == "waiting":
        await claim(db, kept.id, by=by)
    record(
        db,
        "thread.joined",
        actor=str(by.id),
        lob_id=kept.lob_id,
        interaction_id=kept.id,
        brand_agent_id=by.id,
        merged=dropped.id,
        since=dropped.opened_at,
    )
    _show(db, kept, dropped, by)
    return merge


async def _require_of_one_customer(db: AsyncSession, *rows: Interaction) -> None:
    query = select(Conversation.customer_id).where(
        Conversation.id.in_([each.conversation_id for each in rows])
    )
    customers = set((await db.scalars(query)).all())
    if len(customers) != 1 or len({each.channel for each in rows}) != 1:
        raise CannotMerge(OTHER_CUSTOMER)
    if len({each.conversation_id for each in rows}) == 1:
        raise CannotMerge(OTHER_CUSTOMER)


async def _require_free(db: AsyncSession, dropped: Interaction) -> None:
    """Nothing hangs on it that would go on without anybody looking."""
    leaving = select(Message.id).where(
        Message.interaction_id == dropped.id, Message.direction == "out", Message.state.in_(UNDER_WAY)
    )
    if await db.scalar(leaving.limit(1)):
        raise CannotMerge(LEAVING)
    if await open_request(db, dropped.id):
        raise CannotMerge(ASKED)
    if await open_approval(db, dropped.id):
        raise CannotMerge(WAITS)
    if await db.scalar(select(Complaint.id).where(Complaint.interaction_id == dropped.id).limit(1)):
        raise CannotMerge(COMPLAINT)
    if await has_taken_in(db, dropped.conversation_id):
        raise CannotMerge(TAKEN_IN)


def _row(
    db: AsyncSession, kept: Interaction, work: WorkItem, dropped: Interaction, by: BrandAgent
) -> ThreadMerge:
    return ThreadMerge(
        brand_id=written_brand(db),
        id=new_id(db),
        dropped_id=dropped.id,
        kept_id=kept.id,
        conversation_id=dropped.conversation_id,
        into_id=kept.conversation_id,
        brand_agent_id=by.id,
        was_held=dropped.state == "assigned",
        was_waiting=kept.state == "waiting",
        queued_at=work.queued_at,
        ahead_since=work.ahead_since,
        care_case_id=dropped.care_case_id,
        at=now(db),
    )


async def _close(
    db: AsyncSession, slot: AgentSlot, work: WorkItem, dropped: Interaction, by: BrandAgent, *, into: Interaction
) -> None:  # fmt: skip
    at = max(now(db), dropped.opened_at)
    before = dropped.state
    if before == "assigned":
        await end_segments(db, by.id, at=at, interaction_id=dropped.id)
        give_back_units(db, slot, work.units)
    dropped.state, dropped.closed_at, work.state = "closed", at, "done"
    dropped.brand_agent_id, work.ahead_since = by.id, None
    dropped.care_case_id = into.care_case_id
    record(
        db,
        "interaction.merged",
        actor=str(by.id),
        at=at,
        lob_id=dropped.lob_id,
        care_case_id=dropped.care_case_id,
        interaction_id=dropped.id,
        brand_agent_id=by.id,
        from_state=before,
        to_state="closed",
        into=into.id,
        disposition=MERGED,
    )
    await emit(db, InteractionClosed(dropped.id, at))


def _show(db: AsyncSession, kept: Interaction, dropped: Interaction, by: BrandAgent) -> None:
    for each in (kept, dropped):
        poke(db, "queue", each.brand_id, each.id)
        poke(db, "interaction", each.brand_id, each.id)
    poke(db, "person", None, by.agent_id)
