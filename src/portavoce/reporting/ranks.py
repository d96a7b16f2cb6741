"""Percentiles of a month: the one unit at its nearest rank, k = ceil(p n), looked for among the units that stood."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.reporting.models import Observation
from portavoce.reporting.month import MonthReport
from portavoce.reporting.sums import stood
from portavoce.sla.goals import Statistic

WHOLE_BP = 10_000


async def read_ranks(
    db: AsyncSession, report: MonthReport, *, besides: ColumnElement[bool] | None = None
) -> Mapping[UUID, int]:
    """Seconds, by clause; one query for each that is about a percentile and has an ended unit.

    `besides`: units that are in no sum of the report either.
    """
    start, end = report.month.bounds(report.zone)
    found: dict[UUID, int] = {}
    for clause in report.clauses:
        goal = clause.rule.goal
        ended = report.counts(clause.metric, clauses=[clause.id]).ended
        if goal.statistic is not Statistic.PERCENTILE or not ended:
            continue
        rank = -(-(goal.percentile_bp or WHOLE_BP) * ended // WHOLE_BP)
        query = (
            select(Observation.used_s)
            .where(
                stood(report.anchor.n),
                Observation.measure == str(clause.metric),
                Observation.clause_id == clause.id,
                Observation.at >= start,
                Observation.at < end,
                Observation.until.is_not(None),
            )
            .order_by(Observation.used_s)
        )
        if besides is not None:
            query = query.where(~besides)
        found[clause.id] = (await db.scalars(query.offset(rank - 1).limit(1))).one()
    return found
