"""What a month costs or earns by its clauses as it stands, and what the running one is expected to come to.

Percentages are of the monthly reference fee of the contract version in force at the month's end. Credits lower what the
client pays, bonuses raise it. Both are of the adjusted figures: what accepted reliefs excuse costs nothing, and what it would
have cost is shown beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from portavoce.calendars import timeline
from portavoce.reporting.commitments import Commitment, Verdict
from portavoce.reporting.cuts import Cut
from portavoce.reporting.figures import value_of
from portavoce.reporting.month import MonthReport
from portavoce.sla import goals
from portavoce.sla.forecast import Outlook, Price, Progress, expected_rest, outlook, price
from portavoce.sla.schemes import ClauseMonth, Line, Outcome, Reading, Settlement, settle


class ClauseMoney(msgspec.Struct, frozen=True):
    """`outcome` is after the limits of all clauses together, of the adjusted figure, which is what is due; `measured` is
    what it would be without any relief. The outlook is of a share in a month that still runs.
    """

    standing: Commitment
    outcome: Outcome
    measured: Outcome
    outlook: Outlook | None
    price: Price | None


class Adjusted(msgspec.Struct, frozen=True):
    """The month without the units that accepted reliefs excuse, and by clause how it then stands where that differs."""

    report: MonthReport
    commitments: Mapping[UUID, Commitment]

    def of(self, standing: Commitment) -> Commitment:
        return self.commitments.get(standing.clause.id, standing)


class MonthMoney(msgspec.Struct, frozen=True):
    """Of the clauses that have a price, in order; `fee_cents` is the reference fee."""

    fee_cents: int
    settlement: Settlement
    clauses: list[ClauseMoney]

    @property
    def is_adjusted(self) -> bool:
        """Whether reliefs change what is due, of one clause or of all."""
        return any(each.outcome != each.measured for each in self.clauses)

    @property
    def is_forecast(self) -> bool:
        return any(each.outlook is not None for each in self.clauses)


def month_money(
    report: MonthReport, standing: Sequence[Commitment], relief: Adjusted | None = None
) -> MonthMoney | None:
    """None where no version of the contract is in force at the month's end, or none of its clauses has a price."""
    adjusted = relief or Adjusted(report, {})
    version = report.version
    priced = [
        each
        for each in standing
        if version is not None
        and each.clause.version == version.number
        and each.verdict is not Verdict.NOT_MEASURED
        and (each.clause.rule.scheme.malus or each.clause.rule.scheme.bonus)
    ]
    if version is None or not priced:
        return None
    months = [_month_of(report, each, adjusted) for each in priced]
    settlement = settle(version.fee_cents, months, version.limits)
    clauses = [
        _money(adjusted.report, adjusted.of(each), line, version.fee_cents, seen=each.counts.units)
        for each, line in zip(priced, settlement.lines, strict=True)
    ]
    return MonthMoney(version.fee_cents, settlement, clauses)


def _month_of(report: MonthReport, standing: Commitment, adjusted: Adjusted) -> ClauseMonth:
    clause = standing.clause
    raw = _reading(report, standing)
    relieved = _reading(adjusted.report, adjusted.of(standing))
    return ClauseMonth(str(clause.id), clause.rule.judged, clause.rule.scheme, raw, relieved)


def _reading(report: MonthReport, standing: Commitment) -> Reading:
    counts = standing.counts
    return Reading(standing.value, counts.late + counts.overdue, _days_of_default(report, standing))


def _days_of_default(report: MonthReport, standing: Commitment) -> int:
    """Days whose own units missed the goal."""
    clause = standing.clause
    days = (report.counts(clause.metric, Cut(day=day), clauses=[clause.id]) for day in report.month.days())
    values = (value_of(clause, counts) for counts in days)
    return sum(goals.verdict(clause.rule.goal, value) is goals.Verdict.MISSED for value in values)


def _money(
    report: MonthReport, standing: Commitment, line: Line, fee_cents: int, *, seen: int
) -> ClauseMoney:
    """What is expected goes on from the adjusted figure: it is what will be due. How many are still to come is told by all
    that were `seen`, relieved or not.
    """
    end = report.month.bounds(report.zone)[1]
    if not standing.by_units or report.anchor.at >= end:
        return ClauseMoney(standing, line.adjusted, line.raw, None, None)
    progress = progress_of(report, standing, end, seen)
    rule = standing.clause.rule
    days = _days_of_default(report, standing)
    return ClauseMoney(
        standing,
        line.adjusted,
        line.raw,
        outlook(rule.goal, progress),
        price(fee_cents, rule.goal, rule.scheme, progress, days=days),
    )


def progress_of(report: MonthReport, standing: Commitment, end: datetime, seen: int) -> Progress:
    """The rest is expected at the rate so far, in open time of the clause's own calendar."""
    counts, at = standing.counts, report.anchor.at
    known = timeline.known_at(standing.clause.calendar, at)
    start = report.month.bounds(report.zone)[0]
    past, left = (
        int(timeline.elapsed(known, first, last).total_seconds()) for first, last in ((start, at), (at, end))
    )
    part = value_of(standing.clause, counts)
    counted = 0 if part is None else round(part * counts.decided)
    rest = expected_rest(seen, open_s=past, left_s=left) or 0
    return Progress(counted, counts.decided, counts.running, rest)
