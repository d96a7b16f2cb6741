"""Take a waiting contact, never two of us; give it back. Slot first, then the work item: the order prevents deadlock."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import ReturningUpdate

from portavoce.agents.capacity import give_back_units, take_units
from portavoce.agents.models import BrandAgent
from portavoce.agents.timeline import lock_slot
from portavoce.conversations.errors import AlreadyClosed, HeldByOther
from portavoce.conversations.handling import end_segments
from portavoce.conversations.holding import held_by
from portavoce.conversations.models import Interaction, WorkItem
from portavoce.conversations.queries import interaction as load
from portavoce.conversations.queries import units_of, work_and_interaction
from portavoce.core.unit import now, poke
from portavoce.ledger.facts import Fact, record


async def claim(db: AsyncSession, interaction_id: UUID, *, by: BrandAgent) -> Interaction:
    """Claiming what `by` holds already changes nothing, and neither does any refusal.

    HeldByOther names who has it; NoCapacity and NotAvailable come from the agent's slot.
    """
    units = await units_of(db, interaction_id)
    if await _has_it(db, interaction_id, by):
        return await load(db, interaction_id)
    await take_units(db, by.agent_id, units)
    taken = await db.execute(taking(interaction_id))
    if taken.one_or_none() is None:
        raise await _why_not(db, interaction_id)
    interaction = await load(db, interaction_id)
    interaction.state, interaction.brand_agent_id = "assigned", by.id
    record(
        db,
        "interaction.assigned",
        actor=str(by.id),
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=by.id,
        from_state="waiting",
        to_state="assigned",
    )
    _tell(db, interaction, by)
    return interaction


def taking(interaction_id: UUID) -> ReturningUpdate[tuple[UUID]]:
    """Of many who try at once it gives the id to one."""
    return (
        update(WorkItem)
        .where(WorkItem.interaction_id == interaction_id, WorkItem.state == "waiting")
        .values(state="assigned")
        .returning(WorkItem.interaction_id)
    )


async def release(db: AsyncSession, interaction_id: UUID, *, by: BrandAgent) -> Interaction:
    """Back to the queue, with the waiting time it already had."""
    await give_back_units(db, by.agent_id, await units_of(db, interaction_id))
    work, interaction = await work_and_interaction(db, interaction_id)
    held_by(interaction, by)
    await put_back(db, work, interaction, by, actor=str(by.id))
    return interaction


async def put_back(
    db: AsyncSession, work: WorkItem, interaction: Interaction, by: BrandAgent, *, actor: str
) -> Fact:
    """From the hands of `by`, whose slot, and both rows, come locked; the units are the caller's to give back. Its fact."""
    work.state = "waiting"
    interaction.state, interaction.brand_agent_id = "waiting", None
    await end_segments(db, by.id, at=now(db), interaction_id=interaction.id)
    fact = record(
        db,
        "interaction.released",
        actor=actor,
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=by.id,
        from_state="assigned",
        to_state="waiting",
    )
    _tell(db, interaction, by)
    return fact


async def _has_it(db: AsyncSession, interaction_id: UUID, by: BrandAgent) -> bool:
    """Asked again behind the lock of the agent's slot, where two claims of one agent meet."""
    if await _holds(db, interaction_id, by):
        return True
    await lock_slot(db, by.agent_id)
    return await _holds(db, interaction_id, by)


async def _holds(db: AsyncSession, interaction_id: UUID, by: BrandAgent) -> bool:
    query = select(Interaction.id).where(
        Interaction.id == interaction_id,
        Interaction.state == "assigned",
        Interaction.brand_agent_id == by.id,
    )
    return await db.scalar(query) is not None


async def _why_not(db: AsyncSession, interaction_id: UUID) -> Exception:
    holder = await db.scalar(
        select(BrandAgent.alias)
        .join(
            Interaction,
            (Interaction.brand_id == BrandAgent.brand_id) & (Interaction.brand_agent_id == BrandAgent.id),
        )
        .where(Interaction.id == interaction_id, Interaction.state == "assigned")
    )
    if holder is None:
        return AlreadyClosed("This contact was closed meanwhile.")
    return HeldByOther(f"{holder} took this contact a moment ago. Choose another one.", holder=holder)


def _tell(db: AsyncSession, interaction: Interaction, by: BrandAgent) -> None:
    poke(db, "queue", interaction.brand_id, interaction.id)
    poke(db, "interaction", interaction.brand_id, interaction.id)
    poke(db, "person", None, by.agent_id)
