"""The marks of a brand made again from what the brand says about itself: its name, its addresses, its signatures."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.events import BrandNamed, EndpointWritten
from portavoce.brands.models import Brand, BrandSignal
from portavoce.brands.phones import region_of
from portavoce.brands.signals import NAME, USED, forget_learned, learn, ordinary_from
from portavoce.brands.traces import traces
from portavoce.channels.email.events import MailboxWritten
from portavoce.channels.email.mailboxes import KIND, mailboxes
from portavoce.conversations.models import Message
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.core.unit import emit, written_brand

READ_BACK = 2_000
"""Answers, from the last one back: whom a brand wrote about before the guard came is no stranger to it."""


async def relearn(db: AsyncSession) -> None:
    """Of the written brand; what people added or allowed stays, and what it wrote before is ordinary."""
    await forget_learned(db)
    brand = await db.get_one(Brand, written_brand(db))
    await emit(db, BrandNamed(brand.name, brand.zone))
    for mailbox in await mailboxes(db):
        await emit(db, EndpointWritten(KIND, mailbox.address))
        await emit(db, MailboxWritten(mailbox.signature))
    sent = select(Message.body).where(Message.direction == "out").order_by(Message.at.desc()).limit(READ_BACK)
    country = region_of(brand.zone)
    strangers = {
        trace.keys[0]
        for text in (await db.scalars(sent)).all()
        for trace in traces(text, country)
        if trace.outside
    }
    await learn(db, USED, ordinary_from(sorted(strangers)))


async def relearn_all(database: Database, brands: Iterable[UUID], *, missing: bool) -> int:
    """How many were made again: all, or only those `missing` their own name, as after an upgrade."""
    done = 0
    for brand_id in brands:
        async with database.begin(Scope.writing(brand_id)) as db:
            query = select(BrandSignal.id).where(BrandSignal.origin == NAME).limit(1)
            if not missing or await db.scalar(query) is None:
                await relearn(db)
                done += 1
    return done
