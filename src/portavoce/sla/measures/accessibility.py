"""Two figures with one Italian name, "accessibilità", that have nothing to do with each other.

Source: reference/metrics.md §3; ARERA TIQV calls the second one AS.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from portavoce.sla.measures.queueing import Tally
from portavoce.sla.measures.ratios import Ratio
from portavoce.sla.measures.spans import Span, common, joined, seconds


class AccessVariant(StrEnum):
    """Contacts answered of those offered; time with a free line of the opening time."""

    ANSWERED_OFFERED = "ANSWERED_OFFERED"
    LINES_OPEN = "LINES_OPEN"


def answered_of_offered(tally: Tally) -> Ratio:
    """Contacts of contacts."""
    return Ratio(tally.answered.n, tally.offered)


def lines_open(free: Iterable[Span], opening: Iterable[Span]) -> Ratio:
    """Whole seconds of seconds: in how much of the opening time at least one line was free.

    Spans come in any order and may overlap; what is free outside the opening time counts for nothing.
    """
    return Ratio(seconds(common(free, opening)), seconds(joined(opening)))
