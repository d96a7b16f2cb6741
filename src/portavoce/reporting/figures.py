"""The figure of a clause from its counts: pure, and the same on the page, in a file and for whoever computes it again."""

from __future__ import annotations

from fractions import Fraction

from portavoce.reporting.counts import Counts
from portavoce.sla.goals import Direction, Goal, Statistic
from portavoce.sla.rules import Clause


def value_of(clause: Clause, counts: Counts, rank_s: int | None = None) -> Fraction | None:
    """The figure that the clause's goal is about. A mean is of what ended; a percentile was looked for elsewhere."""
    if clause.rule.goal.statistic is Statistic.PERCENTILE:
        return None if rank_s is None else Fraction(rank_s)
    part, whole = taken_of(clause.rule.goal, counts)
    return Fraction(part, whole) if whole else None


def taken_of(goal: Goal, counts: Counts) -> tuple[int, int]:
    """How much of how much the figure is, not shortened; of a percentile how many units it was looked for among."""
    match goal.statistic:
        case Statistic.SHARE_WITHIN:
            part = counts.met if goal.direction is Direction.AT_LEAST else counts.decided - counts.met
            return part, counts.decided
        case Statistic.MEAN:
            return counts.used_s, counts.ended
        case Statistic.PERCENTILE:
            return counts.ended, counts.ended
