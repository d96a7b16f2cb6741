"""The commitments of a month with all that is looked for beside its sums."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.reporting.commitments import Beside, Commitment, commitments
from portavoce.reporting.models import Observation
from portavoce.reporting.month import MonthReport
from portavoce.reporting.ranks import read_ranks
from portavoce.reporting.slots import read_attained
from portavoce.reporting.sums import stood


async def read_standing(
    db: AsyncSession, report: MonthReport, *, besides: ColumnElement[bool] | None = None
) -> list[Commitment]:
    """A query each percentile, three for all clauses judged by intervals, one for all that a return may change.

    `besides`: units that are in no sum of the report either.
    """
    beside = Beside(
        await read_ranks(db, report, besides=besides),
        await read_attained(db, report, besides=besides),
        await _last_ends(db, report, besides),
    )
    return commitments(report, beside)


async def _last_ends(
    db: AsyncSession, report: MonthReport, besides: ColumnElement[bool] | None
) -> Mapping[UUID, datetime]:
    """A contact of the month that was solved after it matures later than the month."""
    maturing = [each.id for each in report.clauses if each.clock is not None and each.matures_after]
    if not maturing:
        return {}
    start, end = report.month.bounds(report.zone)
    query = (
        select(Observation.clause_id, func.max(Observation.until).label("last"))
        .where(
            stood(report.anchor.n),
            Observation.clause_id.in_(maturing),
            Observation.at >= start,
            Observation.at < end,
            Observation.until.is_not(None),
        )
        .group_by(Observation.clause_id)
    )
    if besides is not None:
        query = query.where(~besides)
    return {row.clause_id: row.last for row in await db.execute(query)}
