"""What a clause of each metric can say at all: how its figure is made, whether one unit has a threshold, which formulas there are.

Source: reference/metrics.md §2 and §3.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from portavoce.sla.clocks.rules import PAUSES, Timed
from portavoce.sla.goals import Direction, Statistic
from portavoce.sla.measures.accessibility import AccessVariant
from portavoce.sla.measures.answering import AbandonVariant, WaitVariant
from portavoce.sla.measures.first_contact import FcrVariant
from portavoce.sla.measures.service_level import SlVariant
from portavoce.sla.metrics import Metric

SHARE, MEAN, PERCENTILE = Statistic.SHARE_WITHIN, Statistic.MEAN, Statistic.PERCENTILE


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """`better` is the side of the target on which a share, mean or level is good.

    `clock`: it runs in open time, warns, and counts each contact as within or not. `short`: it knows short abandons,
    `ivr`: seconds before the queue. `pauses`: states may stop its clock; `returns`: a reopening counts.
    """

    statistics: tuple[Statistic, ...] = (SHARE,)
    better: Direction = Direction.AT_LEAST
    variants: tuple[str, ...] = ()
    clock: bool = False
    threshold: bool = False
    short: bool = False
    ivr: bool = False
    pauses: bool = False
    returns: bool = False


def _clock(timed: Timed) -> Shape:
    ends = timed is Timed.RESOLUTION
    return Shape(
        statistics=(SHARE, MEAN, PERCENTILE),
        clock=True,
        threshold=True,
        pauses=bool(PAUSES[timed]),
        returns=ends,
    )


SHAPES: Mapping[Metric, Shape] = {
    **{Metric(each.value): _clock(each) for each in Timed},
    Metric.SERVICE_LEVEL: Shape(variants=tuple(SlVariant), threshold=True, short=True),
    Metric.SPEED_OF_ANSWER: Shape(
        statistics=(MEAN, PERCENTILE), better=Direction.AT_MOST, variants=tuple(WaitVariant), ivr=True
    ),
    Metric.ABANDONMENT: Shape(better=Direction.AT_MOST, variants=tuple(AbandonVariant), short=True),
    Metric.ACCESSIBILITY: Shape(variants=tuple(AccessVariant)),
    Metric.HANDLE_TIME: Shape(statistics=(MEAN, PERCENTILE), better=Direction.AT_MOST),
    Metric.FIRST_CONTACT_RESOLUTION: Shape(variants=tuple(FcrVariant), threshold=True, returns=True),
    Metric.SATISFACTION: Shape(statistics=(SHARE, MEAN)),
    Metric.QUALITY: Shape(statistics=(MEAN,)),
    Metric.ADHERENCE: Shape(),
    Metric.BACKLOG: Shape(statistics=(MEAN,), better=Direction.AT_MOST),
}
"""The metrics that a provider can promise; those of the client's own people are promised elsewhere."""


def better(metric: Metric, statistic: Statistic) -> Direction:
    """Of a clock's seconds fewer are better, of its share within the threshold more."""
    shape = SHAPES[metric]
    return Direction.AT_MOST if shape.clock and statistic is not SHARE else shape.better
