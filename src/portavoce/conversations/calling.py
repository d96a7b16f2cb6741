"""What became of a call to the customer, written down by whoever made it.

Reached, it is an answer as any other: it stands in the thread, and the first one stops the clock. Not reached, it is a note.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.composing import compose
from portavoce.conversations.delivery import mark_sent
from portavoce.conversations.errors import EmptyText, NotSpoken
from portavoce.conversations.holding import held_by
from portavoce.conversations.models import Interaction, Message
from portavoce.conversations.queries import interaction as load
from portavoce.conversations.replying import MAX_TEXT, sent_before
from portavoce.conversations.ways import SPOKEN
from portavoce.ledger.facts import record

MISSED = "The customer was not reached."


async def record_call(
    db: AsyncSession, interaction_id: UUID, said: str, *, reached: bool, by: BrandAgent, form_key: UUID | None = None
) -> Message:  # fmt: skip
    """By who holds a contact that goes on by phone, else NotSpoken. `said` may be blank only when nobody answered."""
    interaction = await load(db, interaction_id)
    if before := await sent_before(db, interaction, said, form_key):
        return before
    held_by(interaction, by)
    if interaction.channel not in SPOKEN:
        raise NotSpoken("This contact does not go on by phone. Move it there first.")
    if len(said) > MAX_TEXT:
        raise EmptyText(f"The message is longer than {MAX_TEXT} characters. Shorten it.", text="long")
    if reached:
        return await _reached(db, interaction, said, by, form_key)
    return await _missed(db, interaction, said, by, form_key)


async def _reached(
    db: AsyncSession, interaction: Interaction, said: str, by: BrandAgent, form_key: UUID | None
) -> Message:
    if not said.strip():
        raise EmptyText("Write what was said.", text="empty")
    message = await compose(
        db, interaction, said, author=by.alias, by=by.id, direction="out", state="sending", form_key=form_key
    )
    await mark_sent(db, message)
    return message


async def _missed(
    db: AsyncSession, interaction: Interaction, said: str, by: BrandAgent, form_key: UUID | None
) -> Message:
    message = await compose(
        db, interaction, said, author=by.alias, by=by.id, direction="note", state="noted", form_key=form_key
    )
    message.failure = MISSED
    record(
        db,
        "call.missed",
        actor=str(by.id),
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=by.id,
        message=message.id,
        channel=interaction.channel,
    )
    return message
