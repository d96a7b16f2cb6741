"""The newest rows of a brand, as many as a probe asks for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Brand, LineOfBusiness
from portavoce.calendars.models import Calendar
from portavoce.channels.email.models import InboundEvent
from portavoce.contracts.models import Clause, ClauseDraft
from portavoce.contracts.tasks.models import ClientTask
from portavoce.conversations.approvals.models import ReplyApproval
from portavoce.conversations.back_office.models import ClientRequest
from portavoce.conversations.bulk.models import BulkAction
from portavoce.conversations.leads.models import Lead
from portavoce.conversations.models import Attachment, Interaction, Message
from portavoce.core.unit import now
from portavoce.customers.importing.models import CustomerImport
from portavoce.customers.models import Customer, CustomerAttribute
from portavoce.knowledge.models import Snippet
from portavoce.reporting.mailing.models import ReportLayout
from portavoce.reporting.models import IntervalFeed, Observation
from portavoce.reporting.months import month_of
from portavoce.reporting.team.models import ReportPart
from portavoce.sla.relief.models import ReliefEvent
from portavoce.web.trespassing.addresses import Names

MOST = 3
"""Of each table: what is wrong with one row's wall is wrong with all."""

NAMED: dict[str, tuple[Any, ...]] = {
    "interaction": (Interaction.id, Interaction.id.in_(select(Observation.interaction_id))),
    "attachment": (Attachment.id,),
    "mail": (InboundEvent.id, InboundEvent.state == "quarantined"),
    "lob": (LineOfBusiness.id,),
    "clause": (Clause.id,),
    "clause_draft": (ClauseDraft.id,),
    "calendar": (Calendar.id,),
    "customer": (Customer.id,),
    "attribute": (CustomerAttribute.id,),
    "snippet": (Snippet.id,),
    "request": (ClientRequest.id,),
    "approval": (ReplyApproval.id,),
    "lead": (Lead.id,),
    "task": (ClientTask.id,),
    "action": (BulkAction.id,),
    "customer_import": (CustomerImport.id,),
    "relief": (ReliefEvent.id,),
    "feed": (IntervalFeed.id,),
    "layout": (ReportLayout.id, ReportLayout.ended_at.is_(None)),
    "report_export": (ReportPart.export_id,),
}
"""By the field of `Names`: the column, and which of its rows; of contacts those that the reports have read."""


async def sample(db: AsyncSession, brand_id: UUID) -> list[Names]:
    """At least one, which names the brand itself; `brand_id` is the one brand of the read scope."""
    slug, zone = (await db.execute(select(Brand.slug, Brand.zone).where(Brand.id == brand_id))).one()
    month = str(month_of(now(db), zone))
    framed = select(Message.interaction_id, Message.id).where(Message.html.is_not(None))
    framed = framed.order_by(Message.id.desc()).limit(MOST)
    frames = [tuple(row) for row in await db.execute(framed)]
    rows = [
        Names(slug=slug, month=month, interaction=interaction, message=message)
        for interaction, message in frames
    ]
    columns = {name: await _newest(db, *which) for name, which in NAMED.items()}
    for values in zip_longest(*columns.values()):
        rows.append(Names(slug=slug, month=month, **dict(zip(columns, values, strict=True))))
    return rows or [Names(slug=slug, month=month)]


async def _newest(db: AsyncSession, column: Any, *which: Any) -> Sequence[UUID]:
    return (await db.scalars(select(column).where(*which).order_by(column.desc()).limit(MOST))).all()
