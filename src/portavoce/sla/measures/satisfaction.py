"""What customers answered when they were asked: satisfaction, recommendation, effort.

Source: reference/metrics.md §3. Sums of answers by score; a figure is shown from 30 answers on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal, localcontext
from enum import StrEnum

import msgspec

from portavoce.sla.measures.ratios import Ratio

MINIMUM = 30
Z95 = Decimal("1.959963984540054")
_DIGITS = 50


class Scale(StrEnum):
    """CSAT is asked on 1 to 5, NPS on 0 to 10, CES on 1 to 7."""

    CSAT = "csat"
    NPS = "nps"
    CES = "ces"


_SCORES = {Scale.CSAT: range(1, 6), Scale.NPS: range(11), Scale.CES: range(1, 8)}


class Answers(msgspec.Struct, frozen=True):
    """How many gave each score, of `asked` people. ValueError for a score off the scale or more answers than questions."""

    scale: Scale
    scores: Mapping[int, int] = {}
    asked: int = 0

    def __post_init__(self) -> None:
        if any(score not in _SCORES[self.scale] or count < 1 for score, count in self.scores.items()):
            raise ValueError(f"no answers on the scale of {self.scale}: {dict(self.scores)}")
        if self.n > self.asked:
            raise ValueError(f"{self.n} answers of {self.asked} asked")

    def __add__(self, other: Answers) -> Answers:
        """ValueError for two scales."""
        if self.scale is not other.scale:
            raise ValueError(f"{self.scale} and {other.scale} do not add up")
        scores = dict(Counter(self.scores) + Counter(other.scores))
        return Answers(self.scale, scores, self.asked + other.asked)

    @property
    def n(self) -> int:
        return sum(self.scores.values())

    @property
    def enough(self) -> bool:
        """Whether the figure may be shown."""
        return self.n >= MINIMUM

    @property
    def response_rate(self) -> Ratio:
        return Ratio(self.n, self.asked)

    @property
    def mean(self) -> Ratio:
        """Points an answer."""
        return Ratio(sum(score * count for score, count in self.scores.items()), self.n)

    def between(self, lowest: int, highest: int) -> int:
        """How many scored so, both ends included."""
        return sum(count for score, count in self.scores.items() if lowest <= score <= highest)


def answers(scale: Scale, scores: Iterable[int], asked: int) -> Answers:
    """Of single scores, in any order."""
    return Answers(scale, dict(Counter(scores)), asked)


def top_two(csat: Answers) -> Ratio:
    """Answers of 4 and 5, of all."""
    return Ratio(_on(csat, Scale.CSAT).between(4, 5), csat.n)


def promoters(nps: Answers) -> Ratio:
    """Promoters (9, 10) less detractors (0 to 6), of all: from −1 to 1. Shown times 100, rounded, with its sign."""
    return Ratio(_on(nps, Scale.NPS).between(9, 10) - nps.between(0, 6), nps.n)


def at_ease(ces: Answers) -> Ratio:
    """Answers of 5 and more, of all: the share for whom it was easy."""
    return Ratio(_on(ces, Scale.CES).between(5, 7), ces.n)


def margin(share: Ratio) -> Decimal | None:
    """How far off a share of answers may be, 19 times of 20: half the width of the Wilson interval at 95 %, so 0 of 30 is
    not certain. In shares, to ten decimals. None of none.
    """
    if share.whole == 0:
        return None
    with localcontext() as context:
        context.prec = _DIGITS
        n, good = Decimal(share.whole), Decimal(share.part)
        square = Z95 * Z95
        root = (good * (n - good) / n + square / 4).sqrt()
        return (Z95 * root / (n + square)).quantize(Decimal("1e-10"))


def mean_margin(given: Answers) -> Decimal | None:
    """How far off the mean score may be, 19 times of 20: 1.96 standard errors of the sample, in points, to ten decimals.

    None below two answers: one tells nothing about the spread.
    """
    if given.n < 2:
        return None
    total = given.mean.part
    squares = sum(score * score * count for score, count in given.scores.items())
    with localcontext() as context:
        context.prec = _DIGITS
        n = Decimal(given.n)
        variance = Decimal(given.n * squares - total * total) / (n * (n - 1))
        return (Z95 * (variance / n).sqrt()).quantize(Decimal("1e-10"))


def _on(given: Answers, scale: Scale) -> Answers:
    if given.scale is not scale:
        raise ValueError(f"{given.scale} is no {scale}")
    return given
