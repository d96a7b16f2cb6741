"""The first inbound when nothing is open opens an interaction: work waits, the clock starts, a ticket is drawn."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.contracts.queries import version_in_force
from portavoce.conversations.events import InteractionOpened
from portavoce.conversations.models import Conversation, Interaction, WorkItem
from portavoce.conversations.queries import queue_of
from portavoce.core.unit import emit, new_id, now, poke, written_brand
from portavoce.ledger.facts import record

CUSTOMER = "customer"
MAIL_UNITS = 1


async def open_interaction(
    db: AsyncSession, conversation: Conversation, channel: str, *, follows: UUID | None = None
) -> Interaction:
    at = now(db)
    opened = Interaction(
        brand_id=written_brand(db),
        id=new_id(db),
        conversation_id=conversation.id,
        lob_id=conversation.lob_id,
        channel=channel,
        state="waiting",
        contract_version_id=await version_in_force(db, at),
        opened_at=at,
        follows_id=follows,
    )
    db.add(opened)
    await db.flush()
    db.add(await _work(db, opened))
    await db.flush()
    record(
        db,
        "interaction.opened",
        actor=CUSTOMER,
        at=at,
        lob_id=opened.lob_id,
        interaction_id=opened.id,
        to_state="waiting",
        draws_ticket=True,
        channel=channel,
        follows=follows,
        conversation=conversation.id,
    )
    event = InteractionOpened(opened.id, opened.lob_id, channel, opened.contract_version_id, at)
    await emit(db, event)
    poke(db, "queue", opened.brand_id, opened.id)
    return opened


async def _work(db: AsyncSession, interaction: Interaction) -> WorkItem:
    return WorkItem(
        interaction_id=interaction.id,
        lob_id=interaction.lob_id,
        queue_id=await queue_of(db, interaction.lob_id),
        channel=interaction.channel,
        units=MAIL_UNITS,
        queued_at=interaction.opened_at,
        state="waiting",
    )
