"""Figures as two integers, so that any number of them add up exactly; rounding belongs to who shows them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

import msgspec


class Ratio(msgspec.Struct, frozen=True):
    """`part` of `whole`: contacts of contacts for a share, seconds of contacts for a mean. Shares of shares never meet.

    The whole is never negative (ValueError); the part may be, as promoters less detractors are.
    """

    part: int
    whole: int

    def __post_init__(self) -> None:
        if self.whole < 0:
            raise ValueError(f"{self.part} of {self.whole}")

    @property
    def value(self) -> Fraction | None:
        """Exact; None ("no data") when the whole is 0, never 0 and never 100 %."""
        return Fraction(self.part, self.whole) if self.whole else None

    def __add__(self, other: Ratio) -> Ratio:
        return Ratio(self.part + other.part, self.whole + other.whole)


NOTHING = Ratio(0, 0)


def together(ratios: Iterable[Ratio]) -> Ratio:
    """Sum of parts over sum of wholes: 9 of 10 and 100 of 200 are 51.90 %, not the mean of 90 % and 50 %."""
    return sum(ratios, NOTHING)


def rounded(value: Fraction, places: int = 0) -> Decimal:
    """For showing only: halves away from zero, at `places` decimals (0 or more)."""
    scale = 10**places
    whole, rest = divmod(abs(value.numerator) * scale, value.denominator)
    whole += 2 * rest >= value.denominator
    return Decimal(-whole if value < 0 else whole).scaleb(-places)


def percent(value: Fraction | None, places: int = 2) -> Decimal | None:
    """A share as per cent for showing, halves up; None stays None."""
    return None if value is None else rounded(value * 100, places)


def share_bp(part: int, whole: int) -> int | None:
    """Basis points of part in whole for showing, halves up; None when the whole is 0."""
    return int(rounded(Fraction(part, whole) * 10_000)) if whole else None
