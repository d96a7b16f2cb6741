"""Ask the client to approve a reply, and take it back while nobody has.

The reply is stored as it would be sent; it has no envelope and stands in no outbox. What was promised to the customer
goes on; the client has a clock of its own. The contact stays with its agent, who may put it aside.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.brands.models import Brand, LineOfBusiness
from portavoce.conversations.aftercare import Complaint
from portavoce.conversations.approvals.errors import Awaited, Decided, NobodyApproves
from portavoce.conversations.approvals.events import ApprovalAsked
from portavoce.conversations.approvals.models import ReplyApproval
from portavoce.conversations.approvals.queries import open_approval
from portavoce.conversations.joins import on
from portavoce.conversations.models import Interaction, Message, WorkItem
from portavoce.conversations.queries import interaction as load
from portavoce.conversations.queries import message as load_message
from portavoce.core.unit import emit, new_id, now, poke, written_brand
from portavoce.identity.granting import holders
from portavoce.identity.mails import House, send_approval
from portavoce.ledger.facts import record

ROLE = "client_approver"
AWAITING = "awaiting"
"""State of a message that the client has not approved."""
NOBODY = "Nobody at the client may approve yet. Ask an administrator to give somebody access."
WAITS = "A reply of this contact waits for the client's approval. Take it back first."


async def why_approved(db: AsyncSession, interaction_id: UUID) -> str | None:
    """By the rule of the line that works on the contact now; None where its replies leave by themselves."""
    complaint = exists().where(
        Complaint.brand_id == WorkItem.brand_id, Complaint.interaction_id == interaction_id
    )
    query = (
        select(LineOfBusiness.approval, complaint)
        .join(WorkItem, on(WorkItem, WorkItem.lob_id, LineOfBusiness.id))
        .where(WorkItem.interaction_id == interaction_id)
    )
    rule, complained = (await db.execute(query)).one()
    return rule if rule == "always" or (rule == "sensitive" and complained) else None


async def ask_approval(
    db: AsyncSession,
    house: House | None,
    message: Message,
    interaction: Interaction,
    *,
    why: str,
    by: BrandAgent,
) -> ReplyApproval:
    """Of a reply just composed. Who approves is told by mail without a word of it; nobody, without a `house`."""
    people = await holders(db, ROLE, written_brand(db))
    if not people:
        raise NobodyApproves(NOBODY)
    approval = ReplyApproval(
        brand_id=written_brand(db),
        id=new_id(db),
        interaction_id=interaction.id,
        message_id=message.id,
        brand_agent_id=by.id,
        why=why,
        asked_at=now(db),
    )
    told: dict[str, object] = {}
    await emit(db, ApprovalAsked(approval, interaction, told))
    db.add(approval)
    record(
        db,
        "approval.asked",
        actor=str(by.id),
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=by.id,
        to_state=AWAITING,
        approval=approval.id,
        message=message.id,
        why=why,
        due=approval.due_at,
    ).data.update(told)
    if house is not None:
        slug = (await db.get_one(Brand, approval.brand_id)).slug
        for person in people:
            send_approval(db, house, person, f"/portal/{slug}/approvals/{approval.id}")
    poke(db, "interaction", approval.brand_id, interaction.id)
    return approval


async def nothing_awaits(db: AsyncSession, interaction_id: UUID) -> None:
    """Raises Awaited when a reply of the locked contact still waits."""
    if await open_approval(db, interaction_id):
        raise Awaited(WAITS)


async def take_back(
    db: AsyncSession, message: Message, *, by: BrandAgent, actor: str | None = None
) -> Message:
    """Decided when somebody of the client was faster. The contact is locked before the message, as by who decides.

    `actor`: who caused it, if not `by`.
    """
    interaction = await load(db, message.interaction_id)
    approval = await open_approval(db, interaction.id)
    if approval is None or approval.message_id != message.id:
        raise Decided("The client has decided about this reply meanwhile.")
    withdrawn = await load_message(db, message.id)
    withdrawn.state = "withdrawn"
    approval.state, approval.ended_at = "recalled", now(db)
    record(
        db,
        "approval.recalled",
        actor=actor or str(by.id),
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=by.id,
        from_state=AWAITING,
        to_state="withdrawn",
        approval=approval.id,
        message=message.id,
        asked=approval.asked_at,
        due=approval.due_at,
    )
    poke(db, "interaction", interaction.brand_id, interaction.id)
    return withdrawn
