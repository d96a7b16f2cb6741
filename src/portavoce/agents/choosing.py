"""What an agent asks for: available, after-contact work, a pause with its code, end of shift."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.errors import UnknownState
from portavoce.agents.models import AUX_CODES, AgentSlot
from portavoce.agents.timeline import lock_slot, settle

CHOICES = ("ready", "acw", "aux", "offline")


async def choose_state(db: AsyncSession, agent_id: UUID, chosen: str, aux: str | None = None) -> AgentSlot:
    """Work in hand keeps the state `working`; the choice takes effect when the last of it is given back."""
    if chosen not in CHOICES or (chosen == "aux" and aux not in AUX_CODES):
        raise UnknownState("Choose one of the states in the list.")
    slot = await lock_slot(db, agent_id)
    slot.chosen = chosen
    slot.aux = aux if chosen == "aux" else None
    settle(db, slot)
    return slot
