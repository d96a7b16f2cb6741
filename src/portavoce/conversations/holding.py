"""Only the agent who holds a contact may work on it."""

from __future__ import annotations

from portavoce.agents.models import BrandAgent
from portavoce.conversations.errors import AlreadyClosed, HeldByOther, NotHeld
from portavoce.conversations.models import Interaction


def held_by(interaction: Interaction, by: BrandAgent) -> None:
    """Raises AlreadyClosed, NotHeld or HeldByOther unless `by` holds the interaction."""
    if interaction.state == "closed":
        raise AlreadyClosed("This contact is closed. Reopen it to write.")
    if interaction.state != "assigned":
        raise NotHeld("Take this contact first.")
    if interaction.brand_agent_id != by.id:
        raise HeldByOther("A colleague holds this contact.")
