"""A month too long for memory, told in parts: each is a small MonthReport, in order of opening."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.ledger.models import LedgerEvent
from portavoce.reporting.book import read_contacts
from portavoce.reporting.facts import BATCH, Anchor, Told, openings_after, replies_to
from portavoce.reporting.month import MonthReport, lists_of, lob_names
from portavoce.reporting.months import Month
from portavoce.reporting.terms import read_terms
from portavoce.sla.first_response import OPENED, month_figures

Begin = Callable[[], AbstractAsyncContextManager[AsyncSession]]
"""Opens a snapshot in the brand's scope, as `report`."""


async def count_openings(db: AsyncSession, zone: str, month: Month, anchor: Anchor) -> int:
    start, end = month.bounds(zone)
    query = select(func.count(LedgerEvent.n)).where(
        LedgerEvent.kind == OPENED, LedgerEvent.at >= start, LedgerEvent.at < end, LedgerEvent.n <= anchor.n
    )
    return await db.scalar(query) or 0


async def read_month_in_parts(
    begin: Begin, brand_id: UUID, zone: str, month: Month, anchor: Anchor, *, size: int = BATCH
) -> AsyncIterator[MonthReport]:
    """What `read_month_report` reads at once, `size` contacts at a time, each part in a transaction of its own.

    However slowly the parts are taken, no transaction stays open. The ledger only grows: its first `anchor.n` facts
    are the same to all of them, and the terms are read once.
    """
    async with begin() as db:
        terms, lobs = await read_terms(db), await lob_names(db)
    last: Told | None = None
    while True:
        async with begin() as db:
            openings = await openings_after(db, *month.bounds(zone), anchor.n, last=last, size=size)
            answers = await replies_to(db, openings, anchor.n)
        if not openings:
            return
        last = openings[-1]
        rows, contacts = read_contacts([*openings, *answers], terms, lobs, zone, anchor.at)
        lists = lists_of(month_figures(rows, month.year, month.number, zone), contacts)
        yield MonthReport(brand_id, zone, month, anchor, contacts, lists, lobs)
