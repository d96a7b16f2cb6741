"""The figure of a clause from its counts: pure, and the same on the page, in a file and for whoever computes it again."""

from __future__ import annotations

from fractions import Fraction

from portavoce.reporting.counts import Counts
from portavoce.sla.goals import Direction, Statistic
from portavoce.sla.rules import Clause


def value_of(clause: Clause, counts: Counts, rank_s: int | None = None) -> Fraction | None:
    """The figure that the clause's goal is about. A mean is of what ended; a percentile was looked for elsewhere."""
    match clause.rule.goal.statistic:
        case Statistic.SHARE_WITHIN:
            part = (
                counts.met
                if clause.rule.goal.direction is Direction.AT_LEAST
                else counts.decided - counts.met
            )
            return Fraction(part, counts.decided) if counts.decided else None
        case Statistic.MEAN:
            return Fraction(counts.used_s, counts.ended) if counts.ended else None
        case Statistic.PERCENTILE:
            return None if rank_s is None else Fraction(rank_s)
