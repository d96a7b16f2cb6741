"""Hand a contact over to a colleague, or to another line of business; the note tells whoever has it next why.

A colleague who is there and has room has it in hand at once. Otherwise it waits before all others and whoever is free
takes it: nobody who cannot take it keeps a customer waiting. The clock goes on as it was: its promise, its due instant
and the time it waited are those of the opening.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.capacity import give_back_units, take_units
from portavoce.agents.colleagues import colleagues
from portavoce.agents.errors import NoCapacity, NotAvailable
from portavoce.agents.models import AgentSlot, BrandAgent
from portavoce.agents.signs import is_gone
from portavoce.agents.timeline import lock_slot
from portavoce.brands.models import LineOfBusiness, Queue
from portavoce.conversations.errors import NoReceiver
from portavoce.conversations.handling import end_segments
from portavoce.conversations.holding import units_in_hand
from portavoce.conversations.models import Interaction, WorkItem
from portavoce.conversations.queries import work_and_interaction
from portavoce.conversations.replying import leave_note
from portavoce.core.unit import now, poke, written_brand
from portavoce.ledger.facts import record


async def hand_to_colleague(
    db: AsyncSession, interaction_id: UUID, to: UUID, note: str, *, by: BrandAgent, waiting: bool = False
) -> Interaction:
    """`to` is a brand_agent id of `colleagues`, else NoReceiver. Only its holder hands a contact over.

    `waiting`: also what waits, straight from the queue.
    """
    if to not in {each.id for each in await colleagues(db, by.id)}:
        raise NoReceiver("This colleague is not at work. Choose another one.", colleague="gone")
    receiver = await db.get_one(BrandAgent, (written_brand(db), to))
    slots = {agent: await lock_slot(db, agent) for agent in sorted({by.agent_id, receiver.agent_id})}
    work, interaction = await leave_hands(db, interaction_id, slots[by.agent_id], by, waiting=waiting)
    before = interaction.state
    taken = await put_in_hands(db, slots[receiver.agent_id], work, interaction, receiver)
    if not taken:
        put_first(db, work, interaction)
    message = await leave_note(db, interaction, note, author=by.alias, by=by.id)
    record(
        db,
        "interaction.transferred",
        actor=str(by.id),
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=receiver.id if taken else by.id,
        from_state=before,
        to_state=interaction.state,
        target="agent",
        to=receiver.id,
        note=message.id,
    )
    show(db, interaction, by, receiver)
    return interaction


async def hand_to_queue(
    db: AsyncSession, interaction_id: UUID, lob_id: UUID, note: str, *, by: BrandAgent, waiting: bool = False
) -> Interaction:
    """It waits in the queue of another line of business of the brand, with the waiting time it already had.

    `waiting`: also what waits, straight from the queue.
    """
    slot = await lock_slot(db, by.agent_id)
    work, interaction = await leave_hands(db, interaction_id, slot, by, waiting=waiting)
    before = interaction.state
    query = select(Queue.id).where(Queue.lob_id == lob_id).order_by(Queue.id).limit(1)
    queue_id = await db.scalar(query)
    if queue_id is None or lob_id == work.lob_id:
        raise NoReceiver("Choose another line of business of this brand.", lob="same")
    work.lob_id, work.queue_id = lob_id, queue_id
    work.state = interaction.state = "waiting"
    interaction.brand_agent_id = None
    message = await leave_note(db, interaction, note, author=by.alias, by=by.id)
    record(
        db,
        "interaction.transferred",
        actor=str(by.id),
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=by.id,
        from_state=before,
        to_state="waiting",
        target="queue",
        to=lob_id,
        note=message.id,
    )
    show(db, interaction, by)
    return interaction


async def other_lines(db: AsyncSession, lob_id: UUID) -> list[tuple[UUID, str]]:
    """The brand's other lines of business, by name."""
    query = select(LineOfBusiness.id, LineOfBusiness.name).where(LineOfBusiness.id != lob_id)
    return [(row.id, row.name) for row in await db.execute(query.order_by(LineOfBusiness.name))]


async def leave_hands(
    db: AsyncSession, interaction_id: UUID, slot: AgentSlot, by: BrandAgent, *, waiting: bool = False
) -> tuple[WorkItem, Interaction]:
    """Both locked, after the slots. Where they go is the caller's to write."""
    work, interaction = await work_and_interaction(db, interaction_id)
    units = units_in_hand(work, interaction, by, waiting=waiting)
    await end_segments(db, by.id, at=now(db), interaction_id=interaction_id)
    give_back_units(db, slot, units)
    return work, interaction


async def put_in_hands(
    db: AsyncSession, slot: AgentSlot, work: WorkItem, interaction: Interaction, to: BrandAgent
) -> bool:
    """Whether `to` is there and has room; then they hold it. All three rows come locked; the fact is the caller's."""
    if not to.active or await is_gone(db, to.agent_id):
        return False
    try:
        take_units(db, slot, work.units)
    except (NotAvailable, NoCapacity):
        return False
    work.state = interaction.state = "assigned"
    work.ahead_since, interaction.brand_agent_id = None, to.id
    return True


def put_first(db: AsyncSession, work: WorkItem, interaction: Interaction) -> None:
    """Before all others in the queue, until somebody takes it."""
    work.state = interaction.state = "waiting"
    work.ahead_since, interaction.brand_agent_id = now(db), None


def show(db: AsyncSession, interaction: Interaction, *people: BrandAgent) -> None:
    poke(db, "queue", interaction.brand_id, interaction.id)
    poke(db, "interaction", interaction.brand_id, interaction.id)
    for each in people:
        poke(db, "person", None, each.agent_id)
