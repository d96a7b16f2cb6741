"""How long people waited for an answer, and how many did not wait for it.

Source: reference/metrics.md §3. Waits are whole seconds; percentiles and the longest are asked of `Waits` itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from portavoce.sla.measures.queueing import Tally
from portavoce.sla.measures.ratios import Ratio
from portavoce.sla.measures.service_level import Counts
from portavoce.sla.measures.waits import Waits


class WaitVariant(StrEnum):
    """Whose waits a mean is of; `AGCOM_MAT` adds the shortest way through the menu of each number."""

    ASA = "ASA"
    WAIT_ALL = "WAIT_ALL"
    TIME_TO_ABANDON = "TIME_TO_ABANDON"
    AGCOM_MAT = "AGCOM_MAT"


class AbandonVariant(StrEnum):
    """`AB_FLOW` is of all that left the queue by itself or not, `AB_NET` without the short ones on both sides."""

    AB_GROSS = "AB_GROSS"
    AB_FLOW = "AB_FLOW"
    AB_NET = "AB_NET"


def waits_of(tally: Tally, *, answered_only: bool) -> Waits:
    """Of the answered, or of the answered and the abandoned: for longest waits and percentiles."""
    return tally.answered if answered_only else tally.answered + tally.abandoned


def mean_wait_s(tally: Tally, variant: WaitVariant, menu_s: Mapping[str, int] | None = None) -> Ratio:
    """Seconds a contact. `menu_s` is for AGCOM_MAT: whole seconds from the greeting of a number to "operator", by number;
    KeyError when one that was answered is missing, ValueError when a contact came by no known number.
    """
    match variant:
        case WaitVariant.ASA:
            return tally.answered.mean
        case WaitVariant.WAIT_ALL:
            return waits_of(tally, answered_only=False).mean
        case WaitVariant.TIME_TO_ABANDON:
            return tally.abandoned.mean
        case WaitVariant.AGCOM_MAT:
            return _with_menu(tally, menu_s or {})


def abandonment(numbers: Counts, variant: AbandonVariant) -> Ratio:
    """Contacts of contacts."""
    offered = numbers.answered + numbers.abandoned
    match variant:
        case AbandonVariant.AB_GROSS:
            return Ratio(numbers.abandoned, offered)
        case AbandonVariant.AB_FLOW:
            return Ratio(numbers.abandoned, offered + numbers.flowed_out)
        case AbandonVariant.AB_NET:
            return Ratio(numbers.abandoned - numbers.abandoned_short, offered - numbers.abandoned_short)


def _with_menu(tally: Tally, menu_s: Mapping[str, int]) -> Ratio:
    waited = tally.answered
    if sum(tally.answered_on.values()) != waited.n:
        raise ValueError("contacts were answered of which no number is known")
    menus = sum(menu_s[number] * count for number, count in tally.answered_on.items())
    return Ratio(waited.total_s + menus, waited.n)
