"""A split is undone for a moment, as long as nothing happened on the contact that came out of it: its messages are where
they were, and it never was, but for its number.

What happened the ledger says, which has a fact of everything: an answer, a note, mail of the customer, another holder's
work. Text that somebody typed and kept there is something too.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.capacity import give_back_units
from portavoce.agents.models import AgentSlot, BrandAgent
from portavoce.agents.timeline import lock_slot
from portavoce.conversations.errors import NoInteraction
from portavoce.conversations.events import InteractionClosed
from portavoce.conversations.handling import end_segments
from portavoce.conversations.holding import held_by
from portavoce.conversations.models import Conversation, Draft, Interaction, Message, WorkItem
from portavoce.conversations.queries import work_and_interaction
from portavoce.conversations.threads.errors import CannotRejoin
from portavoce.conversations.threads.models import ThreadSplit
from portavoce.conversations.threads.parting import LATE, PARTABLE
from portavoce.conversations.threads.splitting import move_messages, show
from portavoce.core.unit import emit, now
from portavoce.ledger.facts import record
from portavoce.ledger.models import LedgerEvent

OF_ITSELF = (
    "interaction.opened",
    "interaction.assigned",
    "interaction.released",
    "handling.started",
    "handling.ended",
)
"""Facts of a contact that only lay there, or was looked at."""
HAPPENED = "Something happened on the new contact since. It stays one of its own."
OTHER_HANDS = "A colleague has the new contact by now. It stays one of its own."
OTHER_CUSTOMER = "The two contacts are of different customers by now. They stay apart."


async def rejoin_contact(db: AsyncSession, opened_id: UUID, *, by: BrandAgent) -> ThreadSplit:
    """NoInteraction when this contact was not split off, or came back already; CannotRejoin when it stays."""
    slot = await lock_slot(db, by.agent_id)
    split = await _standing(db, opened_id)
    rows = {each: await work_and_interaction(db, each) for each in sorted((split.left_id, opened_id))}
    left, (work, opened) = rows[split.left_id][1], rows[opened_id]
    if split.brand_agent_id != by.id or now(db) - split.at > PARTABLE:
        raise CannotRejoin(LATE)
    held_by(left, by)
    await _require_untouched(db, split, opened, by)
    split.undone_at = now(db)
    back = await db.scalars(select(Message.id).where(Message.interaction_id == opened_id))
    await move_messages(db, back.all(), to=left)
    await _close(db, slot, work, opened, by, back_in=left)
    _tell(db, left, split, by)
    return split


async def _standing(db: AsyncSession, opened_id: UUID) -> ThreadSplit:
    """Read behind the lock of the agent's slot: nobody else may undo it."""
    query = select(ThreadSplit).where(ThreadSplit.opened_id == opened_id, ThreadSplit.undone_at.is_(None))
    found = (await db.scalars(query)).one_or_none()
    if found is None:
        raise NoInteraction("This contact does not exist.")
    return found


async def _require_untouched(
    db: AsyncSession, split: ThreadSplit, opened: Interaction, by: BrandAgent
) -> None:
    if opened.state == "assigned" and opened.brand_agent_id != by.id:
        raise CannotRejoin(OTHER_HANDS)
    told = select(LedgerEvent.n).where(
        LedgerEvent.interaction_id == opened.id, LedgerEvent.kind.not_in(OF_ITSELF)
    )
    typed = select(Draft.id).where(Draft.interaction_id == opened.id)
    for happened in (told, typed):
        if await db.scalar(happened.limit(1)) is not None:
            raise CannotRejoin(HAPPENED)
    query = select(Conversation.customer_id).where(
        Conversation.id.in_((split.conversation_id, split.into_id))
    )
    if len(set((await db.scalars(query)).all())) > 1:
        raise CannotRejoin(OTHER_CUSTOMER)


async def _close(
    db: AsyncSession, slot: AgentSlot, work: WorkItem, opened: Interaction, by: BrandAgent, *, back_in: Interaction
) -> None:  # fmt: skip
    before, at = opened.state, now(db)
    if before == "assigned":
        await end_segments(db, by.id, at=at, interaction_id=opened.id)
        give_back_units(db, slot, work.units)
    opened.state, opened.closed_at, work.state = "closed", at, "done"
    opened.brand_agent_id, work.ahead_since = by.id, None
    record(
        db,
        "interaction.rejoined",
        actor=str(by.id),
        at=at,
        lob_id=opened.lob_id,
        care_case_id=opened.care_case_id,
        interaction_id=opened.id,
        brand_agent_id=by.id,
        from_state=before,
        to_state="closed",
        into=back_in.id,
    )
    await emit(db, InteractionClosed(opened.id, at))


def _tell(db: AsyncSession, left: Interaction, split: ThreadSplit, by: BrandAgent) -> None:
    record(
        db,
        "thread.rejoined",
        actor=str(by.id),
        lob_id=left.lob_id,
        care_case_id=left.care_case_id,
        interaction_id=left.id,
        brand_agent_id=by.id,
        out_of=split.opened_id,
        messages=split.messages,
    )
    show(db, split, by)
