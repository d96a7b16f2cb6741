"""Promise a customer something until a moment, or a call back; say that it was kept, or dropped, or open after all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.aftercare import PROMISE_STATES, PROMISES, Promise
from portavoce.conversations.errors import BadMoment, BadPromise, NoPromise
from portavoce.conversations.holding import held_by
from portavoce.conversations.models import Conversation, Interaction
from portavoce.conversations.queries import interaction as load
from portavoce.core.unit import emit, new_id, now, poke
from portavoce.customers.events import ProfileChanged
from portavoce.ledger.facts import record

LONGEST = 300
FARTHEST = timedelta(days=365)


async def promise(
    db: AsyncSession, interaction_id: UUID, kind: str, text: str, due_at: datetime, *, by: BrandAgent
) -> Promise:
    """By who holds the contact. BadPromise for what or without words, BadMoment unless `due_at` is within a year."""
    text = text.strip()
    if kind not in PROMISES:
        raise BadPromise("Choose one of the options shown.", kind="unknown")
    if not text:
        raise BadPromise("Write what was promised.", text="empty")
    if len(text) > LONGEST:
        raise BadPromise("Shorten this text to 300 characters.", text="long")
    if not now(db) < due_at <= now(db) + FARTHEST:
        raise BadMoment("Choose a moment in the future, within a year.", due="moment")
    interaction = await load(db, interaction_id)
    held_by(interaction, by)
    thread = await db.get_one(Conversation, (interaction.brand_id, interaction.conversation_id))
    made = Promise(
        id=new_id(db),
        customer_id=thread.customer_id,
        interaction_id=interaction_id,
        brand_agent_id=by.id,
        kind=kind,
        wording=text,
        due_at=due_at,
        made_at=now(db),
        state="open",
    )
    db.add(made)
    await _tell(db, made, interaction, by, "promise.made", due=due_at, what=kind)
    return made


async def settle(db: AsyncSession, promise_id: UUID, state: str, *, by: BrandAgent) -> Promise:
    """`state` of PROMISE_STATES, by anybody who speaks for the brand; said twice, it stays as it was said first."""
    if state not in PROMISE_STATES:
        raise BadPromise("Choose one of the options shown.", state="unknown")
    query = select(Promise).where(Promise.id == promise_id).with_for_update()
    made = (await db.scalars(query)).one_or_none()
    if made is None:
        raise NoPromise("This promise does not exist.")
    before = made.state
    if before == state:
        return made
    made.state = state
    made.ended_at, made.ended_by = (None, None) if state == "open" else (now(db), by.id)
    interaction = await db.get_one(Interaction, (made.brand_id, made.interaction_id))
    await _tell(db, made, interaction, by, f"promise.{state}", from_state=before, to_state=state)
    return made


async def _tell(
    db: AsyncSession, made: Promise, interaction: Interaction, by: BrandAgent, kind: str, **said: Any
) -> None:
    """The ledger, whoever looks at the customer, and the lists of who made it and of who acts."""
    record(
        db,
        kind,
        actor=str(by.id),
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=by.id,
        promise=made.id,
        **said,
    )
    await emit(db, ProfileChanged(made.customer_id))
    maker = await db.get_one(BrandAgent, (interaction.brand_id, made.brand_agent_id))
    for agent_id in {maker.agent_id, by.agent_id}:
        poke(db, "person", None, agent_id)
