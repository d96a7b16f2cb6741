"""The quarters of an hour of a month, of the clauses that are judged by intervals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.reporting.attaining import attained
from portavoce.reporting.counts import Counts
from portavoce.reporting.models import Observation, Tally
from portavoce.reporting.month import MonthReport
from portavoce.reporting.observing.stretches import INTERVAL
from portavoce.reporting.sums import STATES, is_overdue, report_head, stood
from portavoce.sla.measures.intervals import EPOCH

KEPT = ("units", "ended", "met", "late", "let_go", "used_s", "with_client_s")
COUNTED = Counts.__struct_fields__


async def read_attained(
    db: AsyncSession, report: MonthReport, *, besides: ColumnElement[bool] | None = None
) -> Mapping[UUID, Fraction | None]:
    """By clause, of those that know intervals. Three queries at the head, two before it; none where no clause does.

    `besides`: units to be left out, one query.
    """
    clauses = [clause for clause in report.clauses if clause.rule.attainment is not None]
    if not clauses:
        return {}
    found: dict[UUID, dict[datetime, Counts]] = {clause.id: defaultdict(Counts) for clause in clauses}
    for query in await _queries(db, report, list(found), besides):
        for row in await db.execute(query):
            told = row._mapping
            counts = {name: int(told[name] or 0) for name in COUNTED if name in told}
            found[row.clause_id][row.starts_at] += Counts(**counts)
    return {clause.id: attained(clause, found[clause.id]) for clause in clauses}


async def _queries(
    db: AsyncSession, report: MonthReport, clauses: Sequence[UUID], besides: ColumnElement[bool] | None
) -> list[Select[*tuple[Any, ...]]]:
    start, end = report.month.bounds(report.zone)
    quarter = func.date_bin(INTERVAL, Observation.at, EPOCH).label("starts_at")
    units = (
        select(Observation.clause_id, quarter)
        .where(Observation.clause_id.in_(clauses), Observation.at >= start, Observation.at < end)
        .group_by(Observation.clause_id, quarter)
    )
    told = units.add_columns(*_told(report.anchor.at)).where(stood(report.anchor.n))
    if besides is not None:
        return [told.where(~besides)]
    if report.anchor.n != await report_head(db):
        return [told]
    overdue = func.count(Observation.from_n).label("overdue")
    sums = (
        select(
            Tally.clause_id, Tally.starts_at, *(func.sum(getattr(Tally, each)).label(each) for each in KEPT)
        )
        .where(Tally.grain == "interval", Tally.starts_at >= start, Tally.starts_at < end)
        .where(Tally.clause_id.in_(clauses))
        .group_by(Tally.clause_id, Tally.starts_at)
    )
    late = units.add_columns(overdue).where(Observation.until_n.is_(None), is_overdue(report.anchor.at))
    return [sums, late]


def _told(at: datetime) -> list[Any]:
    return [
        func.count(Observation.from_n).label("units"),
        func.count(Observation.until).label("ended"),
        *(func.sum(case((Observation.state == each, 1), else_=0)).label(each) for each in STATES),
        func.sum(case((is_overdue(at), 1), else_=0)).label("overdue"),
        func.sum(Observation.used_s).label("used_s"),
    ]
