"""Why customers wrote in a month, beside the month before: contacts by the reason that was said last of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.choices import REASON
from portavoce.conversations.models import Disposition
from portavoce.reporting.models import Observation, Tally
from portavoce.reporting.month import MonthReport
from portavoce.reporting.observing.units import CONTACT
from portavoce.reporting.sums import report_head, stood

MOST = 8


class Reason(msgspec.Struct, frozen=True):
    label: str
    received: int
    before: int


class Reasons(msgspec.Struct, frozen=True):
    """The most frequent first; `others` are contacts of rarer ones, `unsaid` those of which nobody said any. Together they
    are all contacts of the month.
    """

    named: list[Reason]
    others: int
    unsaid: int


async def read_reasons(db: AsyncSession, report: MonthReport) -> Reasons:
    """Four queries: the present head or an earlier state, two months, the names."""
    kept = report.anchor.n == await report_head(db)
    present, before = [
        await _counts(db, report, *month.bounds(report.zone), kept=kept)
        for month in (report.month, report.month.previous)
    ]
    labels = await _labels(db)
    said = Counter({code: count for code, count in present.items() if code})
    named = said.most_common(MOST)
    return Reasons(
        [Reason(labels.get(code, code), count, before.get(code, 0)) for code, count in named],
        said.total() - sum(count for _, count in named),
        present.get("", 0),
    )


async def _counts(
    db: AsyncSession, report: MonthReport, start: datetime, end: datetime, *, kept: bool
) -> Mapping[str, int]:
    query = _sums(start) if kept else _units(report, start, end)
    return {row.code: int(row.received) for row in await db.execute(query)}


def _sums(start: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(Tally.code, func.sum(Tally.units).label("received"))
        .where(Tally.grain == "month", Tally.starts_at == start, Tally.measure == CONTACT)
        .group_by(Tally.code)
        .order_by(Tally.code)
    )


def _units(report: MonthReport, start: datetime, end: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(Observation.code, func.count(Observation.from_n).label("received"))
        .where(
            stood(report.anchor.n),
            Observation.measure == CONTACT,
            Observation.at >= start,
            Observation.at < end,
        )
        .group_by(Observation.code)
        .order_by(Observation.code)
    )


async def _labels(db: AsyncSession) -> Mapping[str, str]:
    """Lines of business may name the same code differently: the newest name is shown."""
    query = (
        select(Disposition.code, Disposition.label).where(Disposition.kind == REASON).order_by(Disposition.id)
    )
    return {row.code: row.label for row in await db.execute(query)}
