"""What a clause wants of a figure, and whether it got it: compared exact, rounded only to be shown.

Source: reference/metrics.md §2 and §3; commercial.md §5 ("never round then compare").
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

import msgspec

from portavoce.sla.measures.ratios import rounded
from portavoce.sla.measures.waits import Waits
from portavoce.sla.metrics import DEFINITIONS, Metric, Unit

MOST_PLACES = 6


class Statistic(StrEnum):
    """What is made of many units: the share of those that count, their mean, or the one at a rank."""

    SHARE_WITHIN = "share_within"
    MEAN = "mean"
    PERCENTILE = "percentile"


class Direction(StrEnum):
    """Which side of the target is kept; the target itself always is."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Verdict(StrEnum):
    MET = "met"
    MISSED = "missed"
    NO_DATA = "no_data"


class Goal(msgspec.Struct, frozen=True):
    """`target` in the unit of the figure: 0.80 of a share, 150 of seconds, 4.4 of a score. Only a percentile has a rank,
    in basis points (9000 is the p90); ValueError otherwise.
    """

    statistic: Statistic
    direction: Direction
    target: Decimal
    percentile_bp: int | None = None

    def __post_init__(self) -> None:
        if (self.statistic is Statistic.PERCENTILE) is not (self.percentile_bp is not None):
            raise ValueError("a rank belongs to a percentile and to nothing else")
        if self.percentile_bp is not None and not 0 < self.percentile_bp <= 10_000:
            raise ValueError(f"no percentile at {self.percentile_bp} basis points")
        if not self.target.is_finite():
            raise ValueError(f"a target of {self.target}")


def verdict(goal: Goal, value: Fraction | None) -> Verdict:
    """Of the exact figure: 79.996 % misses 80 %, whatever it is shown as."""
    if value is None:
        return Verdict.NO_DATA
    return Verdict.MISSED if missed_by(goal, value) > 0 else Verdict.MET


def missed_by(goal: Goal, value: Fraction) -> Fraction:
    """How far the figure lies on the wrong side of the target, in its own unit; negative on the right side."""
    target = Fraction(goal.target)
    return target - value if goal.direction is Direction.AT_LEAST else value - target


def figure_of(goal: Goal, waits: Waits, threshold_s: int) -> Fraction | None:
    """The figure a goal about durations wants of them, whole seconds each: a share, or seconds. None of none."""
    match goal.statistic:
        case Statistic.SHARE_WITHIN:
            return Fraction(waits.within(threshold_s), waits.n) if waits.n else None
        case Statistic.MEAN:
            return waits.mean.value
        case Statistic.PERCENTILE:
            found = waits.percentile_s(goal.percentile_bp or 0)
            return None if found is None else Fraction(found)


def unit_of(metric: Metric, statistic: Statistic) -> Unit:
    """What figure and target are counted in."""
    return Unit.SHARE if statistic is Statistic.SHARE_WITHIN else DEFINITIONS[metric].unit


def shown(value: Fraction, places: int, *, beside: Decimal) -> Decimal:
    """Rounded halves up to `places`, or as many more (up to 6) as it takes not to look like the target it is not.

    79.996 beside 80 is shown as 79.996, not as 80.0 and missed.
    """
    target = Fraction(beside)
    if value == target:
        return rounded(value, places)
    told_apart = (at for at in range(places, MOST_PLACES) if Fraction(rounded(value, at)) != target)
    return rounded(value, next(told_apart, max(places, MOST_PLACES)))
