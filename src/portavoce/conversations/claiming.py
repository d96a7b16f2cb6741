"""Take a waiting contact, never two of us; give it back. Slot first, then the work item: the order prevents deadlock."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.capacity import give_back_units, take_units
from portavoce.agents.models import BrandAgent
from portavoce.agents.timeline import lock_slot
from portavoce.conversations.errors import AlreadyClosed, HeldByOther, WithClient
from portavoce.conversations.handling import end_segments
from portavoce.conversations.holding import held_by
from portavoce.conversations.models import ASIDE, WITH_CLIENT, Interaction, WorkItem
from portavoce.conversations.queries import work_and_interaction
from portavoce.conversations.wrapping import leave_wrap_up
from portavoce.core.unit import now, poke
from portavoce.ledger.facts import Fact, record


async def claim(db: AsyncSession, interaction_id: UUID, *, by: BrandAgent) -> Interaction:
    """One that waits or was put aside. Claiming what `by` holds already changes nothing, and neither does any refusal.

    HeldByOther names who has it; NoCapacity and NotAvailable come from the agent's slot.
    """
    slot = await lock_slot(db, by.agent_id)
    work, interaction = await work_and_interaction(db, interaction_id)
    if interaction.state == "assigned" and interaction.brand_agent_id == by.id:
        return interaction
    if interaction.state not in ("waiting", *ASIDE):
        raise await _why_not(db, interaction)
    await leave_wrap_up(db, slot, by=by)
    take_units(db, slot, work.units)
    before, keeper = interaction.state, interaction.brand_agent_id
    work.state = interaction.state = "assigned"
    work.wakes_at, work.ahead_since, interaction.brand_agent_id = None, None, by.id
    record(
        db,
        "interaction.assigned",
        actor=str(by.id),
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=by.id,
        from_state=before,
        to_state="assigned",
    )
    _tell(db, interaction, by)
    if keeper not in (None, by.id):
        poke(db, "person", None, (await db.get_one(BrandAgent, (interaction.brand_id, keeper))).agent_id)
    return interaction


async def release(db: AsyncSession, interaction_id: UUID, *, by: BrandAgent) -> Interaction:
    """Back to the queue, with the waiting time it already had."""
    slot = await lock_slot(db, by.agent_id)
    work, interaction = await work_and_interaction(db, interaction_id)
    held_by(interaction, by)
    give_back_units(db, slot, work.units)
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


async def _why_not(db: AsyncSession, interaction: Interaction) -> Exception:
    if interaction.brand_agent_id is None or interaction.state == "closed":
        return AlreadyClosed("This contact was closed meanwhile.")
    if interaction.state == WITH_CLIENT:
        return WithClient("The client's back office has this contact. Take the question back first.")
    holder = (await db.get_one(BrandAgent, (interaction.brand_id, interaction.brand_agent_id))).alias
    return HeldByOther(f"{holder} took this contact a moment ago. Choose another one.", holder=holder)


def _tell(db: AsyncSession, interaction: Interaction, by: BrandAgent) -> None:
    poke(db, "queue", interaction.brand_id, interaction.id)
    poke(db, "interaction", interaction.brand_id, interaction.id)
    poke(db, "person", None, by.agent_id)
