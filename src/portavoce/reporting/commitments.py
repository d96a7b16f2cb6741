"""How a month stands against each clause: the figure by the clause's own statistic, and whether that is said for good."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

import msgspec

from portavoce.reporting.counts import Counts
from portavoce.reporting.cuts import Cut
from portavoce.reporting.figures import value_of
from portavoce.reporting.month import MonthReport
from portavoce.sla import goals
from portavoce.sla.goals import Statistic
from portavoce.sla.rules import Clause

CLIENTS = ("back_office", "approval")
"""What the client promised has a place of its own."""


class Verdict(StrEnum):
    """`provisional` until every unit of the month is decided; `no_data` when none is; `not_measured` where nothing of the
    product writes the facts it needs.
    """

    MET = "met"
    MISSED = "missed"
    PROVISIONAL = "provisional"
    NO_DATA = "no_data"
    NOT_MEASURED = "not_measured"


class Commitment(msgspec.Struct, frozen=True):
    """One clause over one month. `value` is exact, in the unit of the goal's target; None without data. `final_from`: no
    earlier, and later while a unit still runs.
    """

    clause: Clause
    lob: str
    counts: Counts
    value: Fraction | None
    final_from: datetime
    is_final: bool

    @property
    def cut(self) -> Cut:
        return Cut(clause_id=self.clause.id)

    @property
    def is_share(self) -> bool:
        return self.clause.rule.judged.statistic is Statistic.SHARE_WITHIN

    @property
    def by_units(self) -> bool:
        """Whether the figure is a share of units, and not of intervals."""
        return self.is_share and self.clause.rule.attainment is None

    @property
    def on_target(self) -> bool | None:
        """Compared exact, never rounded."""
        judged = goals.verdict(self.clause.rule.judged, self.value)
        return None if judged is goals.Verdict.NO_DATA else judged is goals.Verdict.MET

    @property
    def verdict(self) -> Verdict:
        if not self.clause.is_measured:
            return Verdict.NOT_MEASURED
        if self.on_target is None:
            return Verdict.NO_DATA
        if not self.is_final:
            return Verdict.PROVISIONAL
        return Verdict.MET if self.on_target else Verdict.MISSED


class Beside(msgspec.Struct, frozen=True):
    """What is looked for beside a month's sums, by clause: seconds of percentiles, shares of intervals, the last end of
    those that a return may still change.
    """

    ranks: Mapping[UUID, int] = {}
    attained: Mapping[UUID, Fraction | None] = {}
    last_ends: Mapping[UUID, datetime] = {}


def commitments(report: MonthReport, beside: Beside = Beside()) -> list[Commitment]:
    """One for each of the provider's clauses in force in the month."""
    return [_commitment(report, each, beside) for each in report.clauses if each.metric not in CLIENTS]


def _commitment(report: MonthReport, clause: Clause, beside: Beside) -> Commitment:
    counts = report.counts(clause.metric, clauses=[clause.id])
    whole = clause.rule.attainment is None
    month_end = report.month.bounds(report.zone)[1]
    final_from = max(month_end, beside.last_ends.get(clause.id, month_end)) + clause.matures_after
    return Commitment(
        clause=clause,
        lob=report.lobs.get(clause.lob_id, ""),
        counts=counts,
        value=value_of(clause, counts, beside.ranks.get(clause.id))
        if whole
        else beside.attained.get(clause.id),
        final_from=final_from,
        is_final=report.anchor.at >= final_from and not counts.running,
    )
