"""The client's decision: the reply leaves as any other, or goes back to its writer with a comment.

Behind the lock of the contact one decision wins, and the row of the approval says which: only who finds it open touches
the message. So nothing leaves twice, and nothing leaves that was taken back or sent back.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import AgentSlot, BrandAgent
from portavoce.agents.timeline import lock_slot
from portavoce.audit.auditing import audit
from portavoce.conversations.approvals.asking import AWAITING
from portavoce.conversations.approvals.errors import Decided
from portavoce.conversations.approvals.models import ReplyApproval
from portavoce.conversations.approvals.queries import contact_of, open_approval
from portavoce.conversations.events import MessageQueued
from portavoce.conversations.giving_back import give_back_text, who_writes_on
from portavoce.conversations.models import ASIDE, Interaction, Message, WorkItem
from portavoce.conversations.queries import interaction as load
from portavoce.conversations.queries import message as load_message
from portavoce.conversations.queries import work_and_interaction
from portavoce.conversations.replying import CLIENT, leave_note
from portavoce.conversations.transferring import put_first, put_in_hands, show
from portavoce.core.unit import emit, now, written_brand
from portavoce.identity.models import Person
from portavoce.ledger.facts import record

RETURNED = "The client sent it back."
MEANWHILE = "This reply was approved, sent back or taken back meanwhile."


async def approve(db: AsyncSession, approval_id: UUID, *, person_id: UUID) -> ReplyApproval:
    """It leaves now, or when its writer wished if that is still ahead. A second click of the same person changes nothing.

    Decided when somebody else was faster, also with the same decision.
    """
    interaction_id, asker_id = await contact_of(db, approval_id)
    interaction = await load(db, interaction_id)
    approval = await open_approval(db, interaction_id)
    if approval is None or approval.id != approval_id:
        return await _again(db, approval_id, person_id)
    message = await load_message(db, approval.message_id)
    message.state = "queued"
    _decided(db, approval, message, interaction, "approved", person_id)
    record(
        db,
        "message.queued",
        actor=CLIENT,
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=message.brand_agent_id,
        from_state=AWAITING,
        to_state="queued",
        message=message.id,
        channel=message.channel,
        automatic=False,
    )
    await emit(db, MessageQueued(message))
    show(db, interaction, await db.get_one(BrandAgent, (interaction.brand_id, asker_id)))
    return approval


async def send_back(db: AsyncSession, approval_id: UUID, comment: str, *, person_id: UUID) -> ReplyApproval:
    """The comment is a note of the contact, the text its writer's again; one put aside, or left in the queue, is back
    in their hands, or first in line when they are not there. Decided when somebody was faster.
    """
    interaction_id, asker_id = await contact_of(db, approval_id)
    asker = await db.get_one(BrandAgent, (written_brand(db), asker_id))
    slot = await lock_slot(db, asker.agent_id)
    work, interaction = await work_and_interaction(db, interaction_id)
    approval = await open_approval(db, interaction_id)
    if approval is None or approval.id != approval_id:
        raise Decided(MEANWHILE)
    person = await db.get_one(Person, person_id)
    await leave_note(db, interaction, comment, author=name_of(person), by=None)
    message = await load_message(db, approval.message_id)
    message.state, message.failure = "withdrawn", RETURNED
    approval.comment = comment
    _decided(db, approval, message, interaction, "returned", person_id)
    if interaction.state in ("waiting", *ASIDE):
        await _bring_back(db, slot, work, interaction, asker)
    holder = await who_writes_on(db, interaction, asker)
    await give_back_text(db, interaction, message, to=holder)
    show(db, interaction, asker, holder)
    return approval


def name_of(person: Person) -> str:
    """As agents know somebody of the client; the same in every language."""
    return f"{person.name.split()[0]}, approver"


async def _again(db: AsyncSession, approval_id: UUID, person_id: UUID) -> ReplyApproval:
    approval = await db.get_one(ReplyApproval, (written_brand(db), approval_id), populate_existing=True)
    if (approval.state, approval.decided_by) != ("approved", person_id):
        raise Decided(MEANWHILE)
    return approval


def _decided(
    db: AsyncSession, approval: ReplyApproval, message: Message, interaction: Interaction, how: str,
    person_id: UUID,
) -> None:  # fmt: skip
    at = now(db)
    approval.state, approval.ended_at, approval.decided_by = how, at, person_id
    cause = audit(db, CLIENT, f"approval.{how}", "reply_approval", approval.id)
    record(
        db,
        f"approval.{how}",
        actor=CLIENT,
        at=at,
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        from_state=AWAITING,
        to_state=message.state,
        cause_id=cause,
        approval=approval.id,
        message=message.id,
        asked=approval.asked_at,
        due=approval.due_at,
        met=None if approval.due_at is None else at <= approval.due_at,
    )


async def _bring_back(
    db: AsyncSession, slot: AgentSlot, work: WorkItem, interaction: Interaction, asker: BrandAgent
) -> None:
    before = interaction.state
    work.state, work.wakes_at = "waiting", None
    taken = await put_in_hands(db, slot, work, interaction, asker)
    if not taken:
        put_first(db, work, interaction)
    if before == interaction.state:
        return
    record(
        db,
        "interaction.returned",
        actor=CLIENT,
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=asker.id,
        from_state=before,
        to_state=interaction.state,
    )
