"""Units of effort in hand: taken and given back under the slot's lock, never past the cap."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.errors import NoCapacity, NotAvailable
from portavoce.agents.models import AgentSlot
from portavoce.agents.timeline import lock_slot, settle


async def take_units(db: AsyncSession, agent_id: UUID, units: int) -> AgentSlot:
    """NotAvailable when offline or on a pause; NoCapacity when the units do not fit."""
    slot = await lock_slot(db, agent_id)
    if slot.chosen in ("offline", "aux"):
        raise NotAvailable("You are not available. Set your state to Available, then take the contact.")
    if slot.used + units > slot.cap:
        raise NoCapacity("You already hold as much work as you may. Finish or release a contact first.")
    slot.used += units
    settle(db, slot)
    return slot


async def give_back_units(db: AsyncSession, agent_id: UUID, units: int, *, gone: bool = False) -> AgentSlot:
    """`gone`: they were taken from somebody who left without a word."""
    slot = await lock_slot(db, agent_id)
    slot.used = max(0, slot.used - units)
    settle(db, slot, gone=gone)
    return slot
