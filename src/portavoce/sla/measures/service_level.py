"""Service level in every variant a contract can name: who waited no longer than T, of whom.

Source: reference/metrics.md §2 (Cisco ICM, ICMI, Genesys, RingCentral). Exactly T is within, exactly S is short.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

import msgspec

from portavoce.sla.measures.queueing import Tally
from portavoce.sla.measures.ratios import Ratio


class SlVariant(StrEnum):
    """`_FLOW` adds what flowed out to the denominator."""

    SL_OFFERED = "SL_OFFERED"
    SL_ANSWERED = "SL_ANSWERED"
    SL_EXCL_AB_T = "SL_EXCL_AB_T"
    SL_AB_GOOD = "SL_AB_GOOD"
    SL_EXCL_SHORT = "SL_EXCL_SHORT"
    SL_SHORT_GOOD = "SL_SHORT_GOOD"
    SL_OFFERED_FLOW = "SL_OFFERED_FLOW"
    SL_ANSWERED_FLOW = "SL_ANSWERED_FLOW"
    SL_EXCL_AB_T_FLOW = "SL_EXCL_AB_T_FLOW"
    SL_AB_GOOD_FLOW = "SL_AB_GOOD_FLOW"
    SL_EXCL_SHORT_FLOW = "SL_EXCL_SHORT_FLOW"
    SL_SHORT_GOOD_FLOW = "SL_SHORT_GOOD_FLOW"


class Counts(msgspec.Struct, frozen=True):
    """The numbers that the formulas know, for one T and one S."""

    answered: int
    abandoned: int
    answered_within: int
    abandoned_within: int
    abandoned_short: int
    flowed_out: int = 0


_FORMULAS: Mapping[str, Callable[[Counts], Ratio]] = {
    "SL_OFFERED": lambda n: Ratio(n.answered_within, n.answered + n.abandoned),
    "SL_ANSWERED": lambda n: Ratio(n.answered_within, n.answered),
    "SL_EXCL_AB_T": lambda n: Ratio(n.answered_within, n.answered + n.abandoned - n.abandoned_within),
    "SL_AB_GOOD": lambda n: Ratio(n.answered_within + n.abandoned_within, n.answered + n.abandoned),
    "SL_EXCL_SHORT": lambda n: Ratio(n.answered_within, n.answered + n.abandoned - n.abandoned_short),
    "SL_SHORT_GOOD": lambda n: Ratio(n.answered_within + n.abandoned_short, n.answered + n.abandoned),
}


def counts(tally: Tally, *, threshold_s: int, short_s: int, drops_abandoned: bool = False) -> Counts:
    """T and S in whole seconds. What the system dropped is left out, or abandoned as COPC counts it."""
    abandoned = tally.abandoned + tally.dropped if drops_abandoned else tally.abandoned
    return Counts(
        answered=tally.answered.n,
        abandoned=abandoned.n,
        answered_within=tally.answered.within(threshold_s),
        abandoned_within=abandoned.within(threshold_s),
        abandoned_short=abandoned.within(short_s),
        flowed_out=tally.flows,
    )


def service_level(numbers: Counts, variant: SlVariant) -> Ratio:
    """Contacts of contacts. With S above T a short abandon may be good although nobody answered within T."""
    base = variant.removesuffix("_FLOW")
    level = _FORMULAS[base](numbers)
    return level if variant == base else Ratio(level.part, level.whole + numbers.flowed_out)
