"""An open contact goes on by another channel: in place, with its case, holder, number and clock.

What was promised was promised for the channel of its opening, and stays so: the row remembers it, and the opening fact is
never told anew. Moving back is the same verb.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.errors import CannotMove
from portavoce.conversations.holding import held_by
from portavoce.conversations.joins import on
from portavoce.conversations.models import Conversation, Interaction, WorkItem
from portavoce.conversations.queries import open_interaction, work_and_interaction
from portavoce.conversations.ways import open_ways
from portavoce.core.unit import poke
from portavoce.customers.models import Customer, CustomerIdentity
from portavoce.ledger.facts import record

MOVED = "interaction.moved"
NO_WAY = "This contact cannot go on there."
OTHER_OPEN = "This conversation has another open contact there already. Go on in that one."


async def move_to_channel(
    db: AsyncSession, interaction_id: UUID, channel: str, *, by: BrandAgent
) -> Interaction:
    """By its holder. CannotMove says why not; where it is already, nothing changes."""
    work, interaction = await work_and_interaction(db, interaction_id)
    held_by(interaction, by)
    if interaction.channel == channel:
        return interaction
    why_not = (await _ways(db, interaction)).get(channel, NO_WAY)
    if why_not:
        raise CannotMove(why_not, channel="no")
    if await open_interaction(db, interaction.conversation_id, channel):
        raise CannotMove(OTHER_OPEN, channel="no")
    put_on(db, work, interaction, channel, actor=str(by.id), by=by.id)
    poke(db, "queue", interaction.brand_id, interaction.id)
    poke(db, "interaction", interaction.brand_id, interaction.id)
    poke(db, "person", None, by.agent_id)
    return interaction


def put_on(
    db: AsyncSession, work: WorkItem, interaction: Interaction, channel: str, *, actor: str, by: UUID | None = None
) -> None:  # fmt: skip
    """Both rows come locked. It may be closed, about to be opened again."""
    before, first = interaction.channel, interaction.first_channel
    interaction.channel = work.channel = channel
    interaction.came_by = None if channel == first else first
    record(
        db,
        MOVED,
        actor=actor,
        lob_id=interaction.lob_id,
        care_case_id=interaction.care_case_id,
        interaction_id=interaction.id,
        brand_agent_id=by,
        from_state=interaction.state,
        to_state=interaction.state,
        left=before,
        channel=channel,
    )


async def _ways(db: AsyncSession, interaction: Interaction) -> dict[str, str]:
    query = (
        select(Customer.needs, CustomerIdentity.channel)
        .select_from(Conversation)
        .join(Customer, on(Customer, Customer.id, Conversation.customer_id))
        .outerjoin(CustomerIdentity, on(CustomerIdentity, CustomerIdentity.customer_id, Customer.id))
        .where(Conversation.id == interaction.conversation_id)
    )
    rows = (await db.execute(query)).all()
    return open_ways(interaction.channel, {row[1] for row in rows}, rows[0][0].split(","))
