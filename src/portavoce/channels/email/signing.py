"""What stands below a brand's answers marks a text as this brand's: its telling lines, numbers, domains, addresses."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Brand
from portavoce.brands.phones import region_of
from portavoce.brands.signals import SIGNED, learn
from portavoce.brands.traces import SIGNATURE, WORD, signature_keys, traces
from portavoce.channels.email.events import MailboxWritten
from portavoce.core.unit import written_brand


async def learn_signature(db: AsyncSession, event: MailboxWritten) -> None:
    brand = (
        await db.execute(select(Brand.name, Brand.zone).where(Brand.id == written_brand(db)))
    ).one_or_none()
    if brand is None:
        return
    lines = signature_keys(event.signature, brand.name).items()
    found = traces(event.signature, region_of(brand.zone))
    parts = [
        (each.keys[0], event.signature[each.start : each.end])
        for each in found
        if each.outside and each.kind not in (SIGNATURE, WORD)
    ]
    await learn(db, SIGNED, [*lines, *parts])
