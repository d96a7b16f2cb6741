"""Answer as the brand; note for colleagues. What is committed here leaves by the outbox, once.

`form_key` is made with the form the text was written in. The same form sent again, by a second click or by a browser
that never got its answer, is the message it became the first time.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.approvals.asking import AWAITING, ask_approval, nothing_awaits, why_approved
from portavoce.conversations.composing import compose
from portavoce.conversations.drafting import forget_draft
from portavoce.conversations.errors import AnsweredMeanwhile, EmptyText, NotWritten, SentBefore
from portavoce.conversations.events import MessageQueued
from portavoce.conversations.guarding import Excuse, Findings, clear, examine
from portavoce.conversations.holding import held_by
from portavoce.conversations.mentioning import tell_mentioned
from portavoce.conversations.models import NATIVE, Interaction, Message
from portavoce.conversations.queries import interaction as load
from portavoce.conversations.ways import SPOKEN
from portavoce.core.unit import emit, written_brand
from portavoce.identity.mails import House
from portavoce.ledger.facts import record

MAX_TEXT = 100_000
CLIENT = "client"
"""The actor of a fact that a person of the client caused: facts know no person."""
ANSWERED = "The brand answered itself meanwhile. Read that, then send or discard your text."
LAST_NATIVE = (
    select(Message.id)
    .where(Message.interaction_id == bindparam("interaction_id"), Message.direction == NATIVE)
    .order_by(Message.at.desc(), Message.id.desc())
    .limit(1)
)


class Seen(NamedTuple):
    """What whoever wrote had before their eyes: the newest answer of the brand's own, None for none."""

    native: UUID | None


async def reply(
    db: AsyncSession, interaction_id: UUID, text: str, *, by: BrandAgent, form_key: UUID | None = None,
    leaves_at: datetime | None = None, findings: Findings | None = None, excuse: Excuse | None = None,
    approval: bool = False, house: House | None = None, seen: Seen | None = None,
) -> Message:  # fmt: skip
    """Queue an answer to the customer in the interaction's own channel; only its holder may.

    It leaves at once, or at `leaves_at`. SentBefore when the form was sent before with another text. NotWritten where it
    goes on by phone; AnsweredMeanwhile when the brand itself answered and the writer had not `seen` that. NamesAnother, last of all,
    when the guard finds what nobody excused; `findings` are those of a wider scope, which can name brands that this one
    cannot. `approval`: the writer wishes the client to approve it first; the rule of the line may demand it
    anyway. Such a reply awaits that, of which `house` writes to the approvers, and only then is queued.
    """
    interaction = await load(db, interaction_id)
    if before := await sent_before(db, interaction, text, form_key):
        return before
    held_by(interaction, by)
    text = _checked(text)
    await _may_leave(db, interaction, seen)
    if findings is None or findings.text != text:
        findings = await examine(db, written_brand(db), interaction_id, text)
    await clear(db, interaction, findings, by=by, excuse=excuse, form_key=form_key)
    why = await why_approved(db, interaction_id) or ("asked" if approval else None)
    if why:
        await nothing_awaits(db, interaction_id)
    state = AWAITING if why else "queued"
    message = await compose(
        db, interaction, text, author=by.alias, by=by.id, direction="out", state=state, form_key=form_key
    )
    message.leaves_at = leaves_at
    await forget_draft(db, interaction_id, "reply", by=by)
    if why:
        await ask_approval(db, house, message, interaction, why=why, by=by)
    else:
        await _queue(db, interaction, message, by)
    return message


async def _may_leave(db: AsyncSession, interaction: Interaction, seen: Seen | None) -> None:
    if interaction.channel in SPOKEN:
        raise NotWritten("This contact goes on by phone. Move it to email to write.")
    if seen and await db.scalar(LAST_NATIVE, {"interaction_id": interaction.id}) != seen.native:
        raise AnsweredMeanwhile(ANSWERED)


async def note(
    db: AsyncSession, interaction_id: UUID, text: str, *, by: BrandAgent, form_key: UUID | None = None
) -> Message:
    """An internal note; anyone granted the brand may leave one, on closed contacts too. Whom it mentions is told."""
    interaction = await load(db, interaction_id)
    if before := await sent_before(db, interaction, text, form_key):
        return before
    message = await leave_note(db, interaction, text, author=by.alias, by=by.id, form_key=form_key)
    await tell_mentioned(db, message, by=by)
    await forget_draft(db, interaction_id, "note", by=by)
    return message


async def leave_note(
    db: AsyncSession, interaction: Interaction, text: str, *, author: str, by: UUID | None,
    form_key: UUID | None = None,
) -> Message:  # fmt: skip
    """In a locked interaction. `by`: the agent's id in this brand; None for a person of the client, whom `author` names."""
    message = await compose(
        db,
        interaction,
        _checked(text),
        author=author,
        by=by,
        direction="note",
        state="noted",
        form_key=form_key,
    )
    record(
        db,
        "note.added",
        actor=str(by) if by else CLIENT,
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=by,
        message=message.id,
    )
    return message


async def _queue(db: AsyncSession, interaction: Interaction, message: Message, by: BrandAgent) -> None:
    record(
        db,
        "message.queued",
        actor=str(by.id),
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=by.id,
        to_state="queued",
        message=message.id,
        channel=interaction.channel,
        automatic=False,
    )
    await emit(db, MessageQueued(message))


async def sent_before(
    db: AsyncSession, interaction: Interaction, text: str, form_key: UUID | None
) -> Message | None:
    """Asked behind the lock of the interaction, where two tries of one form meet."""
    if form_key is None:
        return None
    query = select(Message).where(
        Message.conversation_id == interaction.conversation_id, Message.form_key == form_key
    )
    before = (await db.scalars(query)).one_or_none()
    if before is not None and before.body != text:
        raise SentBefore(
            "An earlier text of this form was saved already. Look at it, then send this one too."
        )
    return before


def _checked(text: str) -> str:
    if not text.strip():
        raise EmptyText("Write the message first.", text="empty")
    if len(text) > MAX_TEXT:
        raise EmptyText(f"The message is longer than {MAX_TEXT} characters. Shorten it.", text="long")
    return text
