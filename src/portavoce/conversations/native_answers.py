"""The brand answered its customer itself, past us. It stands in the thread, and nothing else changes by it.

No contact opens, comes back or closes, and no clock of ours stops: what was promised is our answer. Only what we wrote
before and what has not left yet goes back to its writer, who reads first, so that nobody is answered twice by accident.

Every channel that learns of such answers hands them over here, once it has proof that the brand wrote them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.approvals.asking import AWAITING, take_back
from portavoce.conversations.composing import compose
from portavoce.conversations.giving_back import give_back_text, who_writes_on
from portavoce.conversations.mentioning import tell
from portavoce.conversations.models import NATIVE, Conversation, Interaction, Message
from portavoce.conversations.queries import interaction as load
from portavoce.conversations.replying import CLIENT
from portavoce.conversations.threads.queries import surviving
from portavoce.core.unit import poke, written_brand
from portavoce.ledger.facts import SYSTEM, record

KEYS = UUID("5b1f7e0c-5d0a-5f3e-9a36-0f4f2c7d8e11")
"""Of the names that channels have for such answers."""
FIRST = "The brand answered first. Read that before you send yours."
CONTACT = (
    select(Interaction.id)
    .where(Interaction.conversation_id == bindparam("conversation_id"))
    .order_by(Interaction.state == "closed", Interaction.opened_at.desc(), Interaction.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeAnswer:
    """`key`: the channel's name for it; what is handed over again is the same answer. `author`: a name, no address."""

    conversation: Conversation
    channel: str
    key: str
    author: str
    body: str
    quoted: str = ""
    html: str | None = None


class Taken(NamedTuple):
    message: Message
    is_new: bool


async def take_native(db: AsyncSession, answer: NativeAnswer) -> Taken:
    """Into the thread, or the one it goes on in: in its open contact, else the last one, which stays closed."""
    interaction = await _contact(db, answer.conversation)
    key = uuid5(KEYS, f"{answer.channel} {answer.key}")
    threads = {answer.conversation.id, interaction.conversation_id}
    known = select(Message).where(Message.conversation_id.in_(threads), Message.form_key == key)
    if (before := (await db.scalars(known)).one_or_none()) is not None:
        return Taken(before, is_new=False)
    message = await compose(
        db, interaction, answer.body, author=answer.author, by=None, direction=NATIVE, state="received", form_key=key
    )  # fmt: skip
    message.channel, message.quoted, message.html = answer.channel, answer.quoted, answer.html
    record(
        db,
        "message.answered_natively",
        actor=CLIENT,
        at=message.at,
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        message=message.id,
        channel=answer.channel,
    )
    poke(db, "queue", message.brand_id, interaction.id)
    await _give_back_what_waits(db, interaction, message)
    return Taken(message, is_new=True)


async def _contact(db: AsyncSession, conversation: Conversation) -> Interaction:
    """Locked; asked again when its thread was put together with another one meanwhile."""
    thread = await surviving(db, conversation)
    contact_id = (await db.scalars(CONTACT, {"conversation_id": thread.id})).one()
    interaction = await load(db, contact_id)
    if (await surviving(db, thread)).id != thread.id:
        return await _contact(db, thread)
    return interaction


async def _give_back_what_waits(db: AsyncSession, interaction: Interaction, answer: Message) -> None:
    """What a person wrote in this thread and what has not left: after its moment to think, later, once approved, or for
    want of a relay. Who does not have the contact at hand finds it in their list.
    """
    query = (
        select(Message)
        .where(
            Message.conversation_id == interaction.conversation_id,
            Message.direction == "out",
            Message.state.in_(("queued", AWAITING)),
            Message.automatic.is_(False),
        )
        .order_by(Message.at.desc(), Message.id.desc())
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    told: set[UUID] = set()
    for message in (await db.scalars(query)).all():
        writer = await db.get_one(BrandAgent, (written_brand(db), message.brand_agent_id))
        await _take_back(db, message, writer)
        to = await who_writes_on(db, interaction, writer)
        await give_back_text(db, interaction, message, to=to)
        if (interaction.state, interaction.brand_agent_id) != ("assigned", to.id):
            told.add(to.id)
    if told:
        await db.flush()
        await tell(db, answer, told)


async def _take_back(db: AsyncSession, message: Message, writer: BrandAgent) -> None:
    if message.state == AWAITING:
        await take_back(db, message, by=writer, actor=SYSTEM)
    else:
        message.state = "withdrawn"
        record(
            db,
            "message.withdrawn",
            lob_id=(await db.get_one(Interaction, (message.brand_id, message.interaction_id))).lob_id,
            interaction_id=message.interaction_id,
            brand_agent_id=writer.id,
            from_state="queued",
            to_state="withdrawn",
            message=message.id,
        )
        poke(db, "interaction", message.brand_id, message.interaction_id)
    message.failure = FIRST
