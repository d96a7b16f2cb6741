"""How a month will end for a clause about a share: the figure, what it takes, what it costs, and how little changes that.

Exact integers: what is decided, what runs, and an expected rest. Sources: the definitions of reference/metrics.md §2 and
the money of `schemes`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

import msgspec

from portavoce.sla.goals import Direction, Goal
from portavoce.sla.measures.ratios import rounded
from portavoce.sla.schemes import Reading, Scheme, outcome


class Progress(msgspec.Struct, frozen=True):
    """`counted` of `decided` are in the numerator; `running` may still come to be, and `rest` are expected to come.

    ValueError for less than nothing or more than all.
    """

    counted: int
    decided: int
    running: int = 0
    rest: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.counted <= self.decided or min(self.running, self.rest) < 0:
            raise ValueError(f"{self} is no progress")

    @property
    def left(self) -> int:
        """Contacts whose outcome is open."""
        return self.running + self.rest

    @property
    def total(self) -> int:
        return self.decided + self.left


class Reach(StrEnum):
    """`safe`: met whatever comes; `lost`: missed whatever comes; nothing at all is `open`."""

    SAFE = "safe"
    OPEN = "open"
    LOST = "lost"


class Change(msgspec.Struct, frozen=True):
    """So many contacts more on that side than expected, and the clause comes to so many cents."""

    contacts: int
    cents: int


class Outlook(msgspec.Struct, frozen=True):
    """Figures are exact, None of nothing. `counted` is the expected numerator, to whole contacts halves up.

    `needed` is how many of the open ones must count (at least) or may count (at most) for the target, None when it is lost;
    `needed_share` the same as an exact share of the open ones, outside 0 to 1 where nothing can change it any more.
    """

    lowest: Fraction | None
    expected: Fraction | None
    highest: Fraction | None
    counted: int | None
    reach: Reach
    needed: int | None
    needed_share: Fraction | None


class Price(msgspec.Struct, frozen=True):
    """Cents that the clause alone costs (earns, if negative) as expected, with the nearest change to either side that
    is possible; None when there is none.
    """

    cents: int
    better: Change | None
    worse: Change | None


def expected_rest(received: int, *, open_s: int, left_s: int) -> int | None:
    """Contacts yet to come at the rate so far, halves up: `received` in `open_s` seconds of open time, `left_s` to go.

    None before any open time has passed.
    """
    return int(rounded(Fraction(received * left_s, open_s))) if open_s else None


def outlook(goal: Goal, progress: Progress, rate: Fraction | None = None) -> Outlook:
    """`rate` is the share of the open ones that will count, by default that of those decided; ValueError if it is no share."""
    total, left = progress.total, progress.left
    counted = _expected(progress, rate)
    if not total:
        return Outlook(None, None, None, None, Reach.OPEN, None, None)
    missing = Fraction(goal.target) * total - progress.counted
    needed = ceil(missing) if goal.direction is Direction.AT_LEAST else floor(missing)
    reach = _reach(goal, needed, left)
    return Outlook(
        lowest=Fraction(progress.counted, total),
        expected=None if counted is None else Fraction(counted, total),
        highest=Fraction(progress.counted + left, total),
        counted=counted,
        reach=reach,
        needed=None if reach is Reach.LOST else min(max(needed, 0), left),
        needed_share=missing / left if left else None,
    )


def price(
    base_cents: int,
    goal: Goal,
    scheme: Scheme,
    progress: Progress,
    *,
    rate: Fraction | None = None,
    days: int = 0,
) -> Price | None:
    """What the expected end costs by this scheme, without the limit over all clauses. None when nothing can be expected.

    The contacts on the wrong side are the breaches of a scheme that counts them; `days` of default are as given.
    """
    counted = _expected(progress, rate)
    if counted is None:
        return None
    up = goal.direction is Direction.AT_LEAST

    def cents_at(numerator: int) -> int:
        breaches = progress.total - numerator if up else numerator
        reading = Reading(Fraction(numerator, progress.total), breaches, days)
        due = outcome(base_cents, goal, scheme, reading)
        return due.credit.computed - due.bonus.computed

    more, fewer = progress.counted + progress.left - counted, counted - progress.counted
    room, risk, sign = (more, fewer, 1) if up else (fewer, more, -1)
    return Price(
        cents=cents_at(counted),
        better=_nearest(room, lambda n: cents_at(counted + sign * n)),
        worse=_nearest(risk, lambda n: cents_at(counted - sign * n)),
    )


def _expected(progress: Progress, rate: Fraction | None) -> int | None:
    """The expected numerator; None of nothing, or where there is no rate yet."""
    if rate is not None and not 0 <= rate <= 1:
        raise ValueError(f"a rate of {rate}")
    if not progress.total or (rate is None and progress.left and not progress.decided):
        return None
    share = Fraction(progress.counted, progress.decided or 1) if rate is None else rate
    return progress.counted + int(rounded(share * progress.left))


def _reach(goal: Goal, needed: int, left: int) -> Reach:
    if goal.direction is Direction.AT_LEAST:
        safe, lost = needed <= 0, needed > left
    else:
        safe, lost = needed >= left, needed < 0
    return Reach.LOST if lost else Reach.SAFE if safe else Reach.OPEN


def _nearest(most: int, cents_at: Callable[[int], int]) -> Change | None:
    """The fewest contacts (1 to `most`) that change the price, which moves one way only."""
    unchanged = cents_at(0)
    steps = bisect_left(range(1, most + 1), True, key=lambda n: cents_at(n) != unchanged) + 1
    return Change(steps, cents_at(steps)) if steps <= most else None
