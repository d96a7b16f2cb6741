"""One contact that is about two matters: messages about the other one become a contact of their own.

Only what its customer wrote to the open contact moves, with its attachments, and one message stays. Answers, notes and
drafts, promises, a complaint and an open question to the client stay where they were made; so does the clock of the old
contact, with its number. The new one is of the same customer, line and case. Its own clock starts when the earliest of its
messages arrived and nothing has answered it yet, so that no moment becomes kinder by splitting; a message after which an
answer was written may move too, for only the agent can know which of two matters that answer was about.

Whoever splits holds the new one, if they may hold more; else it waits, in the place that its due moment gives it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.capacity import require_room
from portavoce.agents.errors import NoCapacity, NotAvailable
from portavoce.agents.models import AgentSlot, BrandAgent
from portavoce.agents.timeline import lock_slot
from portavoce.conversations.claiming import claim
from portavoce.conversations.guarding import examine
from portavoce.conversations.holding import held_by
from portavoce.conversations.models import Conversation, Interaction, Message
from portavoce.conversations.opening import MAIL_UNITS, Split, open_interaction
from portavoce.conversations.queries import work_and_interaction
from portavoce.conversations.threads.errors import CannotSplit
from portavoce.conversations.threads.models import ThreadSplit
from portavoce.conversations.threads.split_queries import MovableRow, movable
from portavoce.core.unit import new_id, now, poke, written_brand
from portavoce.ledger.facts import record

LONGEST = 200
NOTHING = "Choose at least one message."
MOVED = "One of these messages is not here any more. Look at the list again."
ALL = "One message of the customer stays here. Choose fewer."
UNNAMED = "Write what it is about, in at most 200 characters."
FOREIGN = "The subject names something outside this brand. The customer reads it: choose another one."


async def split_contact(
    db: AsyncSession, interaction_id: UUID, messages: Collection[UUID], subject: str, *, by: BrandAgent
) -> ThreadSplit:
    """`by` holds the contact. CannotSplit says why not, and under which field; nothing has changed then."""
    slot = await lock_slot(db, by.agent_id)
    _, left = await work_and_interaction(db, interaction_id)
    held_by(left, by)
    thread = await db.get_one(Conversation, (written_brand(db), left.conversation_id))
    chosen = await _chosen(db, left, set(messages))
    title = await _title(db, left, thread, subject)
    split = await _open(db, left, thread, chosen, title, by)
    _tell(db, left, split, by)
    if _has_room(slot):
        await claim(db, split.opened_id, by=by)
    return split


async def _chosen(db: AsyncSession, left: Interaction, wanted: set[UUID]) -> Sequence[MovableRow]:
    """Oldest first. Whoever moves messages of a contact holds its lock, so that they stay while they are counted."""
    if not wanted:
        raise CannotSplit(NOTHING, moved="no")
    there = await movable(db, left.id)
    chosen = [each for each in there if each.id in wanted]
    if len(chosen) < len(wanted):
        raise CannotSplit(MOVED, moved="no")
    if len(chosen) == len(there):
        raise CannotSplit(ALL, moved="no")
    return chosen


async def _title(db: AsyncSession, left: Interaction, thread: Conversation, subject: str) -> str:
    """It stands over every answer, so that the guard looks at it too, unless it is the customer's own."""
    title = " ".join(subject.split())
    if not title or len(title) > LONGEST:
        raise CannotSplit(UNNAMED, split_subject="no")
    if title != thread.subject and (await examine(db, written_brand(db), left.id, title)).blocking:
        raise CannotSplit(FOREIGN, split_subject="no")
    return title


async def _open(
    db: AsyncSession, left: Interaction, thread: Conversation, chosen: Sequence[MovableRow], title: str, by: BrandAgent
) -> ThreadSplit:  # fmt: skip
    into = Conversation(
        brand_id=written_brand(db),
        id=new_id(db),
        customer_id=thread.customer_id,
        lob_id=thread.lob_id,
        subject=title,
        opened_at=now(db),
        last_at=chosen[-1].at,
    )
    since = Split(left, since=chosen[0].at, actor=str(by.id))
    opened = await open_interaction(db, into, left.first_channel, split=since)
    split = ThreadSplit(
        brand_id=written_brand(db),
        id=new_id(db),
        left_id=left.id,
        opened_id=opened.id,
        conversation_id=thread.id,
        into_id=into.id,
        brand_agent_id=by.id,
        messages=len(chosen),
        at=now(db),
    )
    db.add_all([into, split])
    await db.flush()
    await move_messages(db, [each.id for each in chosen], to=opened)
    return split


async def move_messages(db: AsyncSession, messages: Collection[UUID], *, to: Interaction) -> None:
    """What hangs on a message follows it: attachments, its mail, its entry in the index."""
    place = {"interaction_id": to.id, "conversation_id": to.conversation_id}
    moved = update(Message).where(Message.id.in_(messages)).values(place)
    await db.execute(moved.execution_options(synchronize_session=False))


def _has_room(slot: AgentSlot) -> bool:
    try:
        require_room(slot, MAIL_UNITS)
    except (NoCapacity, NotAvailable):
        return False
    return True


def _tell(db: AsyncSession, left: Interaction, split: ThreadSplit, by: BrandAgent) -> None:
    record(
        db,
        "thread.split",
        actor=str(by.id),
        lob_id=left.lob_id,
        care_case_id=left.care_case_id,
        interaction_id=left.id,
        brand_agent_id=by.id,
        into=split.opened_id,
        messages=split.messages,
    )
    show(db, split, by)


def show(db: AsyncSession, split: ThreadSplit, by: BrandAgent) -> None:
    """On every screen that has one of the two open, and in the queue."""
    for each in (split.left_id, split.opened_id):
        poke(db, "queue", split.brand_id, each)
        poke(db, "interaction", split.brand_id, each)
    poke(db, "person", None, by.agent_id)
