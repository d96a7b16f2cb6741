"""The marks of a brand made again from what the brand says about itself: its name, its addresses, its signatures."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.events import BrandNamed, EndpointWritten
from portavoce.brands.models import Brand, BrandSignal
from portavoce.brands.signals import NAME, forget_learned
from portavoce.channels.email.events import MailboxWritten
from portavoce.channels.email.mailboxes import KIND, mailboxes
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.core.unit import emit, written_brand


async def relearn(db: AsyncSession) -> None:
    """Of the written brand; what people added or allowed stays."""
    await forget_learned(db)
    brand = await db.get_one(Brand, written_brand(db))
    await emit(db, BrandNamed(brand.name, brand.zone))
    for mailbox in await mailboxes(db):
        await emit(db, EndpointWritten(KIND, mailbox.address))
        await emit(db, MailboxWritten(mailbox.signature))


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
