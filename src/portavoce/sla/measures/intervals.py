"""Figures by interval of the day: with and without those of a relief, and the share of intervals that met their target.

Source: reference/metrics.md §1 and §2; reliefs: commercial.md §5 and §10.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from portavoce.sla.measures.queueing import Segment, Tally, tally
from portavoce.sla.measures.ratios import Ratio
from portavoce.sla.measures.spans import Span, joined

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class IntervalBasis(StrEnum):
    """The instant of a segment whose interval it is counted in."""

    QUEUE_ENTER = "queue_enter"
    TERMINAL = "terminal"


def interval_of(at: datetime, minutes: int) -> datetime:
    """The beginning, in UTC, of the interval that holds this instant; its end belongs to the next one.

    15 minutes begin on the local clock's quarters everywhere, 30 on its halves where a zone is not 45 minutes off.
    """
    width = timedelta(minutes=minutes)
    return at.astimezone(UTC) - (at - EPOCH) % width


def by_interval(
    segments: Iterable[Segment], as_of: datetime, *, minutes: int = 30, basis: IntervalBasis
) -> Mapping[datetime, Tally]:
    """A tally each interval with at least one segment, in order. What still waits has no terminal: it is counted where it
    entered.
    """
    grouped: dict[datetime, list[Segment]] = {}
    for each in segments:
        if each.queue_enter_at <= as_of:
            grouped.setdefault(interval_of(_counted_at(each, as_of, basis), minutes), []).append(each)
    return {begin: tally(grouped[begin], as_of) for begin in sorted(grouped)}


def relieved(
    intervals: Mapping[datetime, Tally], reliefs: Iterable[Span], *, minutes: int = 30
) -> Mapping[datetime, Tally]:
    """Without the intervals that a relief touches, numerator and denominator alike; reliefs are half-open."""
    width, spans = timedelta(minutes=minutes), joined(reliefs)
    return {
        begin: counted
        for begin, counted in intervals.items()
        if not any(starts < begin + width and begin < ends for starts, ends in spans)
    }


def interval_attainment(met: Iterable[bool | None]) -> Ratio:
    """Intervals that met the target of those that had data; None is an interval without."""
    decided = [each for each in met if each is not None]
    return Ratio(sum(decided), len(decided))


def _counted_at(segment: Segment, as_of: datetime, basis: IntervalBasis) -> datetime:
    ended = segment.ended_at
    if basis is IntervalBasis.QUEUE_ENTER or ended is None or ended > as_of:
        return segment.queue_enter_at
    return ended
