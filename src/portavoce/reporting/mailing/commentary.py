"""What the provider says to its client about a day, a week or a month: beside the figures, never instead of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit, audit_house
from portavoce.core.unit import new_id, now, written_brand
from portavoce.reporting.mailing.models import ReportCommentary
from portavoce.reporting.mailing.periods import Period, read_period
from portavoce.reporting.months import Month

LONGEST = 4_000
SHOWN = 60


class Said(NamedTuple):
    period: Period
    text: str
    written_at: datetime


async def write_commentary(db: AsyncSession, period: Period, text: str, *, person_id: UUID) -> None:
    """Of each period there is one, which the newest text replaces; an empty one takes it away from the pages."""
    row = {"text": text.strip(), "person_id": person_id, "written_at": now(db)}
    statement = insert(ReportCommentary).values(
        brand_id=written_brand(db), id=new_id(db), period=str(period), month=str(period.month), **row
    )
    await db.execute(statement.on_conflict_do_update(index_elements=["brand_id", "period"], set_=row))
    audit(db, "admin", "commentary.written", "report_commentary", None, period=str(period))
    audit_house(db, person_id, "commentary.written", "brand", written_brand(db))


async def commentary_of(db: AsyncSession, period: Period) -> str:
    """Empty when nobody wrote any."""
    query = select(ReportCommentary.text).where(ReportCommentary.period == str(period))
    return await db.scalar(query) or ""


async def said_in(db: AsyncSession, month: Month) -> list[Said]:
    """Of the month itself first, then of its weeks and days, the newest first."""
    query = select(ReportCommentary.period, ReportCommentary.text, ReportCommentary.written_at).where(
        ReportCommentary.month == str(month), ReportCommentary.text != ""
    )
    found = _said(await db.execute(query))
    order = ("monthly", "weekly", "daily")
    return sorted(found, key=lambda said: (order.index(said.period.kind), -said.period.last.toordinal()))


async def newest_said(db: AsyncSession) -> list[Said]:
    """Of the one brand in scope, what was written last first."""
    query = (
        select(ReportCommentary.period, ReportCommentary.text, ReportCommentary.written_at)
        .where(ReportCommentary.text != "")
        .order_by(ReportCommentary.written_at.desc())
        .limit(SHOWN)
    )
    return _said(await db.execute(query))


def _said(rows: Iterable[Any]) -> list[Said]:
    periods = [(read_period(period), text, at) for period, text, at in rows]
    return [Said(period, text, at) for period, text, at in periods if period is not None]
