"""A message of ours as a row of its thread."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.indexing import enter_message
from portavoce.conversations.models import Conversation, Interaction, Message
from portavoce.core.unit import new_id, now, poke, written_brand


async def compose(
    db: AsyncSession, interaction: Interaction, text: str, *, author: str, by: UUID | None, direction: str,
    state: str, form_key: UUID | None = None, automatic: bool = False,
) -> Message:  # fmt: skip
    """Added to the thread and to the search index, and told to the screens. Its interaction comes locked.

    `by`: the agent's id in this brand; None for a person of the client, whom `author` names.
    """
    conversation = await db.get_one(Conversation, (written_brand(db), interaction.conversation_id))
    message = Message(
        brand_id=written_brand(db),
        id=new_id(db),
        interaction_id=interaction.id,
        conversation_id=interaction.conversation_id,
        direction=direction,
        channel=interaction.channel,
        state=state,
        author=author,
        brand_agent_id=by,
        subject=conversation.subject,
        body=text,
        quoted="",
        # Processes' clocks differ: an answer is never older than what it answers.
        at=max(now(db), conversation.last_at),
        form_key=form_key,
        automatic=automatic,
    )
    db.add(message)
    enter_message(db, message)
    conversation.last_at = message.at
    poke(db, "interaction", interaction.brand_id, interaction.id)
    return message
