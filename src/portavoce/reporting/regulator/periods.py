"""The half-years and years that a regime is reported over: their text in addresses, their months."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from portavoce.reporting.months import Month
from portavoce.sla.presets import Regime

_TEXT = re.compile(r"(2\d{3})(?:-H([12]))?", re.ASCII)
HALVES: Mapping[Regime, bool] = {
    Regime.AGCOM_255_24: True,
    Regime.ARERA_TIQV_2026: False,
    Regime.ES_10_2025: False,
}
"""Whether a regime is reported each half-year; else each year."""


class Period(msgspec.Struct, frozen=True, order=True):
    """Written `2026`, or `2026-H2` where `half` is 2; `half` 0 is the whole year."""

    year: int
    half: int

    def __str__(self) -> str:
        return f"{self.year}-H{self.half}" if self.half else str(self.year)

    @property
    def months(self) -> list[Month]:
        first = 7 if self.half == 2 else 1
        return [Month(self.year, first + n) for n in range(6 if self.half else 12)]


def read_period(text: str, regime: Regime) -> Period | None:
    """None for anything that is no period of the regime."""
    found = _TEXT.fullmatch(text)
    if found is None or bool(found[2]) is not HALVES[regime]:
        return None
    return Period(int(found[1]), int(found[2] or 0))


def period_of(month: Month, regime: Regime) -> Period:
    half = (1 if month.number <= 6 else 2) if HALVES[regime] else 0
    return Period(month.year, half)


def periods(first: Month, last: Month, regime: Regime) -> Iterator[Period]:
    """Those that have any month from first to last, the latest first."""
    period = period_of(last, regime)
    while period.months[-1] >= first:
        yield period
        period = period_of(period.months[0].previous, regime)
