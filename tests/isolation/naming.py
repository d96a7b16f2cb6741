"""What the rows of a brand are called, by the words of the matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.audit.models import AuditEntry
from portavoce.brands.models import Brand, BrandSignal
from portavoce.calendars.models import Calendar
from portavoce.channels.email.models import InboundEvent, Mailbox
from portavoce.contracts.models import Clause, ClauseDraft
from portavoce.contracts.tasks.models import ClientTask
from portavoce.conversations.aftercare import Mention, Promise
from portavoce.conversations.approvals.models import ReplyApproval
from portavoce.conversations.back_office.models import ClientRequest
from portavoce.conversations.bulk.models import BulkAction
from portavoce.conversations.leads.models import Lead
from portavoce.conversations.models import Attachment, Conversation, Disposition, Interaction, Message
from portavoce.conversations.recognising.models import CustomerCode
from portavoce.conversations.threads.models import ThreadMerge, ThreadSplit
from portavoce.conversations.visits.looking_up import LOOKED_UP
from portavoce.conversations.visits.models import Shop, ShopClerk, Visit
from portavoce.core.delivering import Job
from portavoce.core.models import Outbox
from portavoce.core.outbox import enqueue_house_mail
from portavoce.core.scope import HOUSE
from portavoce.customers.importing.models import CustomerImport
from portavoce.customers.models import (
    CustomerApart,
    CustomerAttribute,
    CustomerIdentity,
    CustomerMerge,
    CustomerRemoval,
)
from portavoce.identity.models import AccessGrant, ApiToken
from portavoce.knowledge.models import Snippet
from portavoce.reporting.mailing.models import ReportLayout, ReportSchedule
from portavoce.reporting.models import IntervalFeed
from portavoce.reporting.months import Month
from portavoce.reporting.team.exporting import begin_export
from portavoce.reporting.team.jobs import PartMaker
from portavoce.reporting.team.models import ReportPart
from portavoce.reporting.team.pieces import By
from portavoce.reporting.team.reading import Chosen
from portavoce.sla.relief.models import ReliefEvent
from tests.isolation.filling import GINA
from tests.world import World, WorldBrand


@dataclass(frozen=True, slots=True)
class Somebody:
    person_id: UUID
    cookie: str


async def client_of(world: World, brand: WorldBrand) -> UUID:
    async with world.database.begin(brand.reading) as db:
        return (await db.scalars(select(Brand.client_id).where(Brand.id == brand.id))).one()


def _of(name: str, state: str) -> Select[Any]:
    return (
        select(Interaction.id)
        .join(
            Conversation,
            (Conversation.brand_id == Interaction.brand_id)
            & (Conversation.id == Interaction.conversation_id),
        )
        .join(
            CustomerIdentity,
            (CustomerIdentity.brand_id == Conversation.brand_id)
            & (CustomerIdentity.customer_id == Conversation.customer_id),
        )
        .where(CustomerIdentity.value.startswith(name), Interaction.state == state)
    )


def _speaker() -> Select[Any]:
    """Whoever came last to the desk."""
    at_counter = select(ShopClerk.brand_agent_id)
    query = select(BrandAgent.id).where(BrandAgent.id.not_in(at_counter))
    return query.order_by(BrandAgent.agent_id.desc()).limit(1)


def _said(name: str) -> Select[Any]:
    """The first message of the contact that is in hand."""
    contact = _of(name, "assigned").scalar_subquery()
    return (
        select(Message.id).where(Message.interaction_id == contact).order_by(Message.at, Message.id).limit(1)
    )


async def _in_hand(db: AsyncSession) -> Sequence[UUID]:
    """The contacts that Anna holds: the answered one, Leo's, Eva's, Rita's."""
    query = select(Interaction.id).where(Interaction.state == "assigned").order_by(Interaction.id)
    return (await db.scalars(query)).all()


async def _awaiting(db: AsyncSession) -> Sequence[UUID]:
    """Replies that the client has not decided about."""
    return (await db.scalars(select(ReplyApproval.id).order_by(ReplyApproval.id))).all()


async def _reliefs(db: AsyncSession) -> Sequence[UUID]:
    """Undecided ones, in the order of their proposals."""
    return (await db.scalars(select(ReliefEvent.id).order_by(ReliefEvent.id))).all()


async def _owed(db: AsyncSession) -> Sequence[UUID]:
    """What the client was asked for."""
    return (await db.scalars(select(ClientTask.id).order_by(ClientTask.id))).all()


async def _files(db: AsyncSession) -> Sequence[UUID]:
    """The imports, in the order in which they were uploaded."""
    return (await db.scalars(select(CustomerImport.id).order_by(CustomerImport.id))).all()


async def _take_away(world: World, brand: WorldBrand, person_id: UUID) -> None:
    """A team report of the brand, ready as a file for whoever keeps it."""
    chosen = [Chosen(brand.id, brand.slug, brand.slug, "Europe/Rome")]
    months = Month(2026, 3), Month(2026, 3)
    await begin_export(world.database, person_id, chosen, By.TEAM, months)
    async with world.database.begin(brand.reading) as db:
        part = (await db.scalars(select(ReportPart.id))).one()
    await PartMaker(world.storage).deliver(world.database, Job(brand.id, part))


async def names_of(world: World, brand: WorldBrand, everybody: Mapping[str, Somebody]) -> dict[str, str]:
    """`interaction` is the answered one, `message` its HTML, `queued` its answer, `failed` one that did not arrive."""
    of_brand = "viewer" if brand is world.aurora else "viewer of bosco"
    keeper = everybody["keeper" if brand is world.aurora else "keeper of bosco"].person_id
    await _take_away(world, brand, keeper)
    async with world.database.begin(brand.reading) as db:
        message = (await db.execute(select(Message).where(Message.html.is_not(None)))).scalar_one()
        failed = (await db.execute(select(Message).where(Message.state == "failed"))).scalar_one()
        queued = select(Message.id).where(
            Message.state == "queued", Message.interaction_id == message.interaction_id
        )
        _answered, own, held, handed, *_twice = await _in_hand(db)
        found = {
            "queued": await db.scalar(queued),
            "interaction": message.interaction_id,
            "message": message.id,
            "failed": failed.id,
            "closed": failed.interaction_id,
            "own": own,
            "held": held,
            "handed": handed,
            "request": await db.scalar(select(ClientRequest.id)),
            **dict(zip(("approval", "other_approval"), await _awaiting(db), strict=True)),
            **dict(zip(("relief", "other_relief", "spare_relief"), await _reliefs(db), strict=True)),
            "lead": await db.scalar(select(Lead.id)),
            **dict(zip(("task", "other_task"), await _owed(db), strict=True)),
            "colleague": await db.scalar(_speaker()),
            "shop": await db.scalar(select(Shop.id)),
            "clerk": await db.scalar(select(ShopClerk.brand_agent_id)),
            "lookup": await db.scalar(select(AuditEntry.id).where(AuditEntry.action == LOOKED_UP)),
            "visited": await db.scalar(select(Visit.interaction_id)),
            "calendar": await db.scalar(select(Calendar.id)),
            "waiting": await db.scalar(select(Interaction.id).where(Interaction.state == "waiting")),
            "attachment": await db.scalar(select(Attachment.id)),
            "mail": await db.scalar(select(InboundEvent.id).where(InboundEvent.state == "quarantined")),
            "signal": await db.scalar(select(BrandSignal.id).where(BrandSignal.origin == "added")),
            "promise": await db.scalar(select(Promise.id)),
            "mention": await db.scalar(select(Mention.id)),
            "action": await db.scalar(select(BulkAction.id)),
            "merged": await db.scalar(select(ThreadMerge.dropped_id)),
            "one": await db.scalar(_of("nora", "assigned")),
            "two": await db.scalar(_of("nora", "waiting")),
            "called": await db.scalar(_of("vera", "assigned")),
            "both": await db.scalar(_of("mara", "assigned")),
            "one_said": await db.scalar(_said("mara")),
            "split_off": await db.scalar(select(ThreadSplit.opened_id)),
            "clause": await db.scalar(select(Clause.id)),
            "clause_draft": await db.scalar(select(ClauseDraft.id)),
            "customer": await db.scalar(
                select(CustomerIdentity.customer_id).where(CustomerIdentity.value == GINA)
            ),
            "code": await db.scalar(select(CustomerCode.id)),
            "address": await db.scalar(
                select(CustomerIdentity.id).where(CustomerIdentity.value.startswith("other@"))
            ),
            "spare_identity": await db.scalar(
                select(CustomerIdentity.id).where(CustomerIdentity.value == "+393385550111")
            ),
            "removal": await db.scalar(select(CustomerRemoval.id)),
            "apart": await db.scalar(select(CustomerApart.id)),
            "merge": await db.scalar(select(CustomerMerge.id)),
            "other": await db.scalar(
                select(CustomerIdentity.customer_id).where(CustomerIdentity.value.startswith("other@"))
            ),
            "attribute": await db.scalar(
                select(CustomerAttribute.id).where(CustomerAttribute.key == "hidden")
            ),
            "choice": await db.scalar(select(Disposition.id).where(Disposition.code == "odd_reason")),
            **dict(zip(("import", "other_import", "ready"), await _files(db), strict=True)),
            "snippet": await db.scalar(select(Snippet.id)),
            "mailbox": await db.scalar(select(Mailbox.id)),
            "spare": await db.scalar(select(Outbox.id).where(Outbox.ref_id == failed.id)),
            "row": await db.scalar(
                select(Outbox.id).where(Outbox.state == "dead", Outbox.ref_id != failed.id)
            ),
            "token": await db.scalar(select(ApiToken.id)),
            "layout": await db.scalar(select(ReportLayout.id)),
            "schedule": await db.scalar(select(ReportSchedule.id)),
            "feed": await db.scalar(select(IntervalFeed.id)),
            "export": (await db.scalars(select(ReportPart.export_id))).one(),
            "lob": brand.lob_id,
            "id": brand.id,
            "client": await client_of(world, brand),
            "person": everybody[of_brand].person_id,
        }
    async with world.database.begin(HOUSE) as db:
        query = select(AccessGrant.id).where(AccessGrant.person_id == everybody[of_brand].person_id)
        found["role"] = (await db.scalars(query)).one()
        for name in ("house_row", "house_spare"):
            row = enqueue_house_mail(db, "nessuno@voxa.example", "Invito", "Un invito")
            row.state, found[name] = "dead", row.id
    return {"slug": brand.slug, **{name: str(value) for name, value in found.items()}}
