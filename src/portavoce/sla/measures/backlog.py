"""What was open at one instant: how old it was, how much of it overdue, and by how many cycles.

Source: reference/metrics.md §3. Ages are seconds of the clock the clause names, open time or calendar time; a day is 24
hours of that clock.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from portavoce.sla.measures.ratios import Ratio

HOUR_S = 3_600
EDGES_S = tuple(hours * HOUR_S for hours in (4, 8, 24, 72, 168))


class Open(msgspec.Struct, frozen=True):
    """Seconds since it began and seconds it may take, None where nothing is promised; ValueError unless 0 < target."""

    age_s: int
    target_s: int | None = None

    def __post_init__(self) -> None:
        if self.age_s < 0 or (self.target_s is not None and self.target_s <= 0):
            raise ValueError(f"{self} is no open item")


class Ageing(msgspec.Struct, frozen=True):
    """Counts by age: up to 4 h, 8 h, 24 h, 3 days, 7 days, and older. `cycles` are the cycles all overdue ones are late.

    The sum of two is that of both, of parts of one snapshot; snapshots of different instants do not add up.
    """

    buckets: tuple[int, ...] = (0,) * (len(EDGES_S) + 1)
    overdue: int = 0
    cycles: int = 0

    def __add__(self, other: Ageing) -> Ageing:
        return Ageing(
            tuple(mine + theirs for mine, theirs in zip(self.buckets, other.buckets, strict=True)),
            self.overdue + other.overdue,
            self.cycles + other.cycles,
        )

    @property
    def n(self) -> int:
        return sum(self.buckets)

    @property
    def average_cycles_late(self) -> Ratio:
        """Over the late alone: ⌈late ÷ target⌉, so one second late is a whole cycle and twice the target late are two."""
        return Ratio(self.cycles, self.overdue)


def ageing(items: Iterable[Open]) -> Ageing:
    """In any order. An age of exactly 4 hours is up to 4 hours, one of exactly the target is not overdue."""
    buckets = [0] * (len(EDGES_S) + 1)
    overdue = cycles = 0
    for each in items:
        buckets[sum(each.age_s > edge for edge in EDGES_S)] += 1
        if each.target_s is not None and each.age_s > each.target_s:
            overdue += 1
            cycles += -((each.target_s - each.age_s) // each.target_s)
    return Ageing(tuple(buckets), overdue, cycles)
