"""An inbound message finds its thread: the open interaction, one resumed in the window, or a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.contracts.queries import clause_for
from portavoce.conversations.indexing import enter_message
from portavoce.conversations.models import ASIDE, WITH_CLIENT, Conversation, Interaction, Message, WorkItem
from portavoce.conversations.moving import put_on
from portavoce.conversations.opening import CUSTOMER, open_interaction
from portavoce.conversations.queries import latest_interaction, work_and_interaction
from portavoce.conversations.queries import open_interaction as find_open
from portavoce.conversations.reopening import resume
from portavoce.conversations.setting_aside import bring_back
from portavoce.conversations.threads.queries import surviving
from portavoce.core.unit import new_id, now, poke, written_brand
from portavoce.customers.models import Customer
from portavoce.ledger.facts import record

REOPEN_WINDOW = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """What a channel hands over. `conversation` is the thread it found, or None for a new one."""

    channel: str
    lob_id: UUID
    customer: Customer
    author: str
    subject: str
    body: str
    quoted: str = ""
    html: str | None = None
    automatic: bool = False
    conversation: Conversation | None = None


async def receive(db: AsyncSession, inbound: Inbound) -> Message:
    """Store the message in the right interaction. An automatic one never reopens and never restarts a clock."""
    conversation, interaction = await _thread_and_unit(db, inbound)
    message = Message(
        brand_id=written_brand(db),
        id=new_id(db),
        interaction_id=interaction.id,
        conversation_id=conversation.id,
        direction="in",
        channel=inbound.channel,
        state="received",
        author=inbound.author,
        subject=inbound.subject,
        body=inbound.body,
        quoted=inbound.quoted,
        html=inbound.html,
        automatic=inbound.automatic,
        other_sender=conversation.customer_id != inbound.customer.id,
        at=max(now(db), conversation.last_at),
    )
    db.add(message)
    enter_message(db, message)
    conversation.last_at = message.at
    record(
        db,
        "message.received",
        actor=CUSTOMER,
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        message=message.id,
        channel=inbound.channel,
        automatic=inbound.automatic,
    )
    poke(db, "interaction", message.brand_id, interaction.id)
    poke(db, "queue", message.brand_id, interaction.id)
    return message


async def _thread_and_unit(db: AsyncSession, inbound: Inbound) -> tuple[Conversation, Interaction]:
    if inbound.conversation is not None:
        return await _where_it_goes_on(db, inbound.conversation, inbound)
    conversation = _new_conversation(db, inbound)
    interaction = await open_interaction(db, conversation, inbound.channel)
    db.add(conversation)
    return conversation, interaction


def _new_conversation(db: AsyncSession, inbound: Inbound) -> Conversation:
    return Conversation(
        brand_id=written_brand(db),
        id=new_id(db),
        customer_id=inbound.customer.id,
        lob_id=inbound.lob_id,
        subject=inbound.subject,
        opened_at=now(db),
        last_at=now(db),
    )


async def _where_it_goes_on(
    db: AsyncSession, conversation: Conversation, inbound: Inbound
) -> tuple[Conversation, Interaction]:
    """In the thread itself, or in the one it was merged into; also if that happened while this waited for the lock."""
    interaction = await _interaction_for(db, conversation, inbound)
    if interaction is None:
        return await _where_it_goes_on(db, await surviving(db, conversation), inbound)
    return conversation, interaction


async def _interaction_for(
    db: AsyncSession, conversation: Conversation, inbound: Inbound
) -> Interaction | None:
    """None when its thread goes on in another one, perhaps since a moment ago."""
    latest = await latest_interaction(db, conversation.id, inbound.channel)
    if latest is None:
        return await open_interaction(db, conversation, inbound.channel)
    last_id, goes_on_in = latest
    if goes_on_in is not None:
        return None
    work, last = await work_and_interaction(db, last_id)
    # Asked only now: another mail may have opened or resumed one while this one waited for the lock.
    current = last if last.state != "closed" else await find_open(db, conversation.id, inbound.channel)
    if current is not None:
        await _wake(db, work, current, inbound)
        return current
    if (await surviving(db, conversation)).id != conversation.id:
        return None
    if inbound.automatic:
        return last
    if await _within_window(db, last):
        if last.channel != inbound.channel:
            put_on(db, work, last, inbound.channel, actor=CUSTOMER)
        return await resume(db, work, last, actor=CUSTOMER)
    return await open_interaction(db, conversation, inbound.channel, after=last)


async def _wake(db: AsyncSession, work: WorkItem, current: Interaction, inbound: Inbound) -> None:
    """What was put aside comes back with its customer's word; a machine's changes nothing."""
    if current.state in (*ASIDE, WITH_CLIENT) and not inbound.automatic:
        if work.interaction_id != current.id:
            work, current = await work_and_interaction(db, current.id)
        await bring_back(db, work, current, actor=CUSTOMER)


async def _within_window(db: AsyncSession, last: Interaction) -> bool:
    assert last.closed_at is not None, "what is not open is closed"
    clause = await clause_for(db, last.contract_version_id, last.lob_id, last.first_channel)
    window = timedelta(seconds=clause.reopen_window_s) if clause else REOPEN_WINDOW
    return now(db) - last.closed_at <= window
