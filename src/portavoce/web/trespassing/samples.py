"""The newest rows of a brand, as many as a probe asks for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Brand, LineOfBusiness
from portavoce.channels.email.models import InboundEvent
from portavoce.contracts.models import Clause
from portavoce.conversations.back_office.models import ClientRequest
from portavoce.conversations.bulk.models import BulkAction
from portavoce.conversations.models import Attachment, Interaction, Message
from portavoce.core.unit import now
from portavoce.customers.models import Customer, CustomerAttribute
from portavoce.knowledge.models import Snippet
from portavoce.reporting.months import month_of
from portavoce.web.trespassing.addresses import Names

MOST = 3
"""Of each table: what is wrong with one row's wall is wrong with all."""


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
    contacts = await _newest(db, Interaction.id)
    attachments = await _newest(db, Attachment.id)
    mails = await _newest(db, InboundEvent.id, InboundEvent.state == "quarantined")
    lines, clauses = await _newest(db, LineOfBusiness.id), await _newest(db, Clause.id)
    customers, attributes = await _newest(db, Customer.id), await _newest(db, CustomerAttribute.id)
    snippets, requests = await _newest(db, Snippet.id), await _newest(db, ClientRequest.id)
    actions = await _newest(db, BulkAction.id)
    for (
        interaction,
        attachment,
        mail,
        lob,
        clause,
        customer,
        attribute,
        snippet,
        request,
        action,
    ) in zip_longest(
        contacts, attachments, mails, lines, clauses, customers, attributes, snippets, requests, actions
    ):
        rows.append(
            Names(
                slug=slug,
                month=month,
                interaction=interaction,
                attachment=attachment,
                mail=mail,
                lob=lob,
                clause=clause,
                customer=customer,
                attribute=attribute,
                snippet=snippet,
                request=request,
                action=action,
            )
        )
    return rows or [Names(slug=slug, month=month)]


async def _newest(db: AsyncSession, column: Any, *which: Any) -> Sequence[UUID]:
    return (await db.scalars(select(column).where(*which).order_by(column.desc()).limit(MOST))).all()
