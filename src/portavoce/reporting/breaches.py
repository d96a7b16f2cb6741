"""What was late in a month, by clause, by the cause that both sides agreed on and by how the contact stood when its time was
over: the complement of what was met.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.reporting.alarms import BREACHED
from portavoce.reporting.models import ClockAlarm, Observation
from portavoce.reporting.month import MonthReport
from portavoce.reporting.relief.holding import holds
from portavoce.reporting.sums import is_overdue, stood
from portavoce.sla.relief.causes import Cause
from portavoce.sla.relief.windows import Window
from portavoce.sla.rules import Clause


class Breach(msgspec.Struct, frozen=True):
    """So many units of a clause, which `standing` then; empty where no alarm was raised yet. `worst` is time by the clock
    of the wall past the due instant, of those that were ended or until the anchor; None of what has none. `cause` is of an accepted relief event,
    None where there is none.
    """

    clause: Clause
    standing: str
    count: int
    worst: timedelta | None
    cause: Cause | None = None

    @property
    def is_relieved(self) -> bool:
        return self.cause is not None and self.cause.relieves


async def read_breaches(
    db: AsyncSession, report: MonthReport, windows: Sequence[Window] = ()
) -> Sequence[Breach]:
    """The most first, one query: their counts add up to the late units of each clause. `windows` are accepted events, in
    order; one that excuses goes before the provider's own fault.
    """
    start, end = report.month.bounds(report.zone)
    clauses: dict[UUID, Clause] = {clause.id: clause for clause in report.clauses}
    over = func.coalesce(Observation.until, report.anchor.at) - Observation.due_at
    standing = func.coalesce(ClockAlarm.standing, "").label("standing")
    count = func.count(Observation.from_n).label("late")
    cause = _cause(windows).label("cause")
    query = (
        select(Observation.clause_id, standing, cause, count, func.max(over).label("worst"))
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
        .group_by(Observation.clause_id, standing, cause)
        .order_by(count.desc(), Observation.clause_id, standing, cause)
    )
    return [
        Breach(
            clauses[row.clause_id], row.standing, row.late, row.worst, Cause(row.cause) if row.cause else None
        )
        for row in await db.execute(query)
    ]


def _cause(windows: Sequence[Window]) -> ColumnElement[str]:
    """As `sla.relief.windows.cause_of` says it."""
    excusing = [window for window in windows if window.cause.relieves]
    others = [window for window in windows if not window.cause.relieves]
    cases = [(holds(window), literal(str(window.cause))) for window in (*excusing, *others)]
    return case(*cases, else_="") if cases else literal("")
