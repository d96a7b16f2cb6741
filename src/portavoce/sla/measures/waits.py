"""How often each wait occurred: a histogram by whole seconds, which merges exactly and answers every question about waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from portavoce.sla.measures.ratios import Ratio

WHOLE_BP = 10_000


class Waits(msgspec.Struct, frozen=True):
    """Seconds (0 or more) to how many waited so long (1 or more); ValueError for anything else."""

    counts: Mapping[int, int] = {}

    def __post_init__(self) -> None:
        if any(seconds < 0 or count < 1 for seconds, count in self.counts.items()):
            raise ValueError(f"no waits: {dict(self.counts)}")

    def __add__(self, other: Waits) -> Waits:
        return Waits(dict(Counter(self.counts) + Counter(other.counts)))

    @property
    def n(self) -> int:
        return sum(self.counts.values())

    @property
    def total_s(self) -> int:
        return sum(seconds * count for seconds, count in self.counts.items())

    @property
    def mean(self) -> Ratio:
        """Seconds a wait."""
        return Ratio(self.total_s, self.n)

    @property
    def longest_s(self) -> int | None:
        return max(self.counts, default=None)

    def within(self, threshold_s: int) -> int:
        """How many waited no longer than this: exactly so long is within."""
        return sum(count for seconds, count in self.counts.items() if seconds <= threshold_s)

    def percentile_s(self, share_bp: int) -> int | None:
        """Nearest rank: the k-th shortest wait, k = ⌈p·n⌉, with p in basis points (9000 is the p90); None of none.

        ValueError unless 0 < p <= 10000.
        """
        if not 0 < share_bp <= WHOLE_BP:
            raise ValueError(f"no percentile at {share_bp} basis points")
        rank = -(-share_bp * self.n // WHOLE_BP)
        for seconds in sorted(self.counts):
            rank -= self.counts[seconds]
            if rank <= 0:
                return seconds
        return None


def waits(seconds: Iterable[int]) -> Waits:
    """Of single waits, in any order."""
    return Waits(dict(Counter(seconds)))
