"""Units of effort in hand: taken and given back under the slot's lock, never past the cap."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.errors import NoCapacity, NotAvailable
from portavoce.agents.models import AgentSlot
from portavoce.agents.timeline import settle


def take_units(db: AsyncSession, slot: AgentSlot, units: int) -> None:
    """From a locked slot. NotAvailable and NoCapacity as in `require_room`."""
    require_room(slot, units)
    slot.used += units
    settle(db, slot)


def require_room(slot: AgentSlot, units: int) -> None:
    """NotAvailable when offline or on a pause; NoCapacity when the units do not fit."""
    if slot.chosen in ("offline", "aux"):
        raise NotAvailable("You are not available. Set your state to Available, then take the contact.")
    if slot.used + units > slot.cap:
        raise NoCapacity("You already hold as much work as you may. Finish or release a contact first.")


def give_back_units(db: AsyncSession, slot: AgentSlot, units: int, *, gone: bool = False) -> None:
    """To a locked slot. `gone`: they were taken from somebody who left without a word."""
    slot.used = max(0, slot.used - units)
    settle(db, slot, gone=gone)
