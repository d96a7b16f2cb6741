"""Only the agent who holds a contact may work on it; what waits may be moved straight from the queue, if so wished."""

from __future__ import annotations

from portavoce.agents.models import BrandAgent
from portavoce.conversations.errors import AlreadyClosed, HeldByOther, NotHeld
from portavoce.conversations.models import Interaction, WorkItem
from portavoce.conversations.ways import VISIT

VISIT_OVER = "A visit to a shop is over. Write to the customer by mail instead."


def held_by(interaction: Interaction, by: BrandAgent) -> None:
    """Raises AlreadyClosed, NotHeld or HeldByOther unless `by` holds the interaction."""
    if interaction.state == "closed":
        raise AlreadyClosed(
            VISIT_OVER if interaction.channel == VISIT else "This contact is closed. Reopen it to write."
        )
    if interaction.state != "assigned":
        raise NotHeld("Take this contact first.")
    if interaction.brand_agent_id != by.id:
        raise HeldByOther("A colleague holds this contact.")


def units_in_hand(work: WorkItem, interaction: Interaction, by: BrandAgent, *, waiting: bool = False) -> int:
    """What `by` gives back when it leaves their hands; raises as `held_by`.

    `waiting`: one that waits is moved without being taken first, and so weighs nothing.
    """
    if waiting and interaction.state == "waiting":
        return 0
    held_by(interaction, by)
    return work.units
