"""A reply that did not leave is its writer's text again."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.drafting import LONGEST, drafts_of, keep_draft
from portavoce.conversations.models import Interaction, Message


async def who_writes_on(db: AsyncSession, interaction: Interaction, writer: BrandAgent) -> BrandAgent:
    """Whoever holds the contact, else the writer of the reply."""
    if interaction.state != "assigned" or interaction.brand_agent_id in (None, writer.id):
        return writer
    return await db.get_one(BrandAgent, (interaction.brand_id, interaction.brand_agent_id))


async def give_back_text(
    db: AsyncSession, interaction: Interaction, message: Message, *, to: BrandAgent
) -> None:
    """As their draft, before whatever they have begun meanwhile: neither text is lost. It is as old as the reply."""
    begun = (await drafts_of(db, interaction.id, to.agent_id)).get("reply")
    text = f"{message.body}\n\n{begun}" if begun else message.body
    await keep_draft(db, interaction.id, "reply", text[:LONGEST], by=to, at=message.at)
