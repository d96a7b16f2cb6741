"""What was late in a month, by clause and by how the contact stood when its time was over: the complement of what was met."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.reporting.alarms import BREACHED
from portavoce.reporting.models import ClockAlarm, Observation
from portavoce.reporting.month import MonthReport
from portavoce.reporting.sums import is_overdue, stood
from portavoce.sla.rules import Clause


class Breach(msgspec.Struct, frozen=True):
    """So many units of a clause, which `standing` then; empty where no alarm was raised yet. `worst` is time by the clock
    of the wall past the due instant, of those that were ended or until the anchor.
    """

    clause: Clause
    standing: str
    count: int
    worst: timedelta


async def read_breaches(db: AsyncSession, report: MonthReport) -> Sequence[Breach]:
    """The most first, one query: their counts add up to the late units of each clause."""
    start, end = report.month.bounds(report.zone)
    clauses: dict[UUID, Clause] = {clause.id: clause for clause in report.clauses}
    over = func.coalesce(Observation.until, report.anchor.at) - Observation.due_at
    standing = func.coalesce(ClockAlarm.standing, "").label("standing")
    count = func.count(Observation.from_n).label("late")
    query = (
        select(Observation.clause_id, standing, count, func.max(over).label("worst"))
        .outerjoin(
            ClockAlarm,
            and_(
                ClockAlarm.brand_id == Observation.brand_id,
                ClockAlarm.interaction_id == Observation.interaction_id,
                ClockAlarm.clause_id == Observation.clause_id,
                ClockAlarm.ordinal == Observation.ordinal,
                ClockAlarm.kind == BREACHED,
            ),
        )
        .where(
            stood(report.anchor.n),
            Observation.clause_id.in_(list(clauses)),
            Observation.at >= start,
            Observation.at < end,
            or_(Observation.state == "late", is_overdue(report.anchor.at)),
        )
        .group_by(Observation.clause_id, standing)
        .order_by(count.desc(), Observation.clause_id, standing)
    )
    rows = await db.execute(query)
    return [Breach(clauses[row.clause_id], row.standing, row.late, row.worst) for row in rows]
