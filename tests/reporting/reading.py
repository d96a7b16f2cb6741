"""Reports read as the portal reads them: role `report`, one brand, one snapshot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.db import REPORT, Database
from portavoce.core.unit import now
from portavoce.reporting.facts import Anchor, last_fact
from portavoce.reporting.month import MonthReport, read_month_report
from portavoce.reporting.months import Month
from portavoce.reporting.sums import report_head
from tests.minting import Minted

MARCH = Month(2026, 3)


@asynccontextmanager
async def reading(database: Database, brand: Minted) -> AsyncIterator[AsyncSession]:
    async with database.begin(brand.reading, role=REPORT, snapshot=True) as db:
        yield db


async def report_in(
    db: AsyncSession, brand: Minted, month: Month = MARCH, anchor: Anchor | None = None
) -> MonthReport:
    """At the last fact that the reports have read and the present moment, unless an earlier state is given."""
    anchor = anchor or Anchor(*await last_fact(db, brand.id, await report_head(db)), now(db))
    return await read_month_report(db, brand.id, "Europe/Rome", month, anchor)


async def report(database: Database, brand: Minted, month: Month = MARCH) -> MonthReport:
    async with reading(database, brand) as db:
        return await report_in(db, brand, month)


@contextmanager
def counting(database: Database, role: str = REPORT) -> Iterator[list[str]]:
    """The SELECTs that run as this role."""
    seen: list[str] = []

    def hear(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    engine = database.engine(role).sync_engine
    event.listen(engine, "before_cursor_execute", hear)
    yield seen
    event.remove(engine, "before_cursor_execute", hear)
