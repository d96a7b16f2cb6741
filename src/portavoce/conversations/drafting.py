"""What somebody is writing on a contact is kept as they write, and gone when it became a message.

Saving and sending may overtake each other: a text whose form was sent already is not kept again.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.errors import EmptyText, NoInteraction
from portavoce.conversations.joins import on
from portavoce.conversations.models import Draft, Interaction, Message
from portavoce.core.unit import new_id, now, written_brand

KINDS = ("reply", "note")
LONGEST = 100_000
DRAFTS = (
    select(Draft.kind, Draft.body, Draft.saved_at)
    .join(BrandAgent, on(BrandAgent, BrandAgent.id, Draft.brand_agent_id))
    .where(Draft.interaction_id == bindparam("interaction_id"), BrandAgent.agent_id == bindparam("agent_id"))
)
SENT = (
    select(Message.id)
    .join(Interaction, on(Interaction, Interaction.conversation_id, Message.conversation_id))
    .where(Interaction.id == bindparam("interaction_id"), Message.form_key == bindparam("form_key"))
)


class Kept(NamedTuple):
    body: str
    saved_at: datetime


async def keep_draft(
    db: AsyncSession, interaction_id: UUID, kind: str, text: str, *, by: BrandAgent, form_key: UUID | None = None,
    at: datetime | None = None,
) -> None:  # fmt: skip
    """In the place of what `by` had there before; a blank text leaves none. EmptyText beyond LONGEST characters.

    `at`: when it was written, if that is not now.
    """
    if await db.get(Interaction, (written_brand(db), interaction_id)) is None or kind not in KINDS:
        raise NoInteraction("This contact does not exist.")
    if len(text) > LONGEST:
        raise EmptyText(f"The message is longer than {LONGEST} characters. Shorten it.", text="long")
    if not text.strip():
        return await forget_draft(db, interaction_id, kind, by=by)
    if form_key and await db.scalar(SENT, {"interaction_id": interaction_id, "form_key": form_key}):
        return None
    kept = {"body": text, "saved_at": at or now(db)}
    place = {
        "brand_id": written_brand(db),
        "interaction_id": interaction_id,
        "brand_agent_id": by.id,
        "kind": kind,
    }
    statement = insert(Draft).values(id=new_id(db), **place, **kept)
    await db.execute(statement.on_conflict_do_update(index_elements=list(place), set_=kept))
    return None


async def forget_draft(db: AsyncSession, interaction_id: UUID, kind: str, *, by: BrandAgent) -> None:
    await db.execute(
        delete(Draft).where(
            Draft.interaction_id == interaction_id, Draft.brand_agent_id == by.id, Draft.kind == kind
        )
    )


async def drafts_of(db: AsyncSession, interaction_id: UUID, agent_id: UUID | None) -> dict[str, str]:
    """By kind; nobody's for who is no agent."""
    return {kind: kept.body for kind, kept in (await kept_for(db, interaction_id, agent_id)).items()}


async def kept_for(db: AsyncSession, interaction_id: UUID, agent_id: UUID | None) -> dict[str, Kept]:
    """The same, and since when."""
    if agent_id is None:
        return {}
    rows = await db.execute(DRAFTS, {"interaction_id": interaction_id, "agent_id": agent_id})
    return {row.kind: Kept(row.body, row.saved_at) for row in rows}
