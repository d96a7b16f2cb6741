"""What a clause costs and earns, from what somebody writes to a scheme: every mistake, a sentence for each field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import TypeVar

import msgspec

from portavoce.sla.schemes import CreditNature, PerBreach, PerDay, Scheme, Steps, Tier, Tiers

MOST_CENTS = 10**9
MOST_TOLERATED = 1_000_000
MOST_TIERS = 12
MOST = 366 * 86_400
"""Of anything a figure is counted in: the seconds of a year."""
OPTION = "Choose one of the options shown."
T = TypeVar("T")


class Band(msgspec.Struct, frozen=True):
    """One step of a scale as it is written: from past `above` up to `until` (None: without end), `percent` of the fee."""

    above: Decimal
    until: Decimal | None
    percent: Decimal


class Money(msgspec.Struct, frozen=True, kw_only=True):
    """`size` and bands in the unit of the figure. A scale is either steps or bands; blank parts are None or empty."""

    step_size: Decimal | None = None
    step_percent: Decimal | None = None
    tiers: tuple[Band, ...] = ()
    breach_cents: int | None = None
    tolerated: int = 0
    day_cents: int | None = None
    day_permille: Decimal | None = None
    bonus_size: Decimal | None = None
    bonus_percent: Decimal | None = None
    bonus_tiers: tuple[Band, ...] = ()
    weight: Decimal = Decimal(1)
    nature: str = CreditNature.PRICE_REDUCTION


def scheme_of(money: Money, errors: dict[str, str]) -> Scheme:
    """Mistakes go to `errors`; what is returned beside any is of no use."""
    malus = [
        _steps(money.step_size, money.step_percent, "steps", errors),
        _tiers(money.tiers, "tiers", errors),
        _breaches(money, errors),
        _days(money, errors),
    ]
    bonus = [
        _steps(money.bonus_size, money.bonus_percent, "bonus", errors),
        _tiers(money.bonus_tiers, "bonus_tiers", errors),
    ]
    for first, field in ((malus, "tiers"), (bonus, "bonus_tiers")):
        if first[0] and first[1]:
            errors[field] = "Use either even steps or a scale, not both."
    nature = option(CreditNature, money.nature, "nature", errors)
    if not money.weight.is_finite() or not 0 <= money.weight <= 100:
        errors["weight"] = "Write a weight from 0 to 100."
    if errors:
        return Scheme()
    return Scheme(
        malus=tuple(each for each in malus if each),
        bonus=tuple(each for each in bonus if isinstance(each, Steps | Tiers)),
        weight=money.weight,
        nature=nature or CreditNature.PRICE_REDUCTION,
    )


def _steps(size: Decimal | None, percent: Decimal | None, name: str, errors: dict[str, str]) -> Steps | None:
    if size is None and percent is None:
        return None
    if size is None or not 0 < size <= MOST:
        errors[f"{name}_size"] = "Write how much one step is, above 0."
    if percent is None or not 0 < percent <= 100:
        errors[f"{name}_percent"] = "Write a percentage above 0, up to 100."
    if errors.keys() & {f"{name}_size", f"{name}_percent"} or size is None or percent is None:
        return None
    return Steps(size, percent)


def _tiers(bands: Sequence[Band], name: str, errors: dict[str, str]) -> Tiers | None:
    if not bands:
        return None
    problem = _wrong(bands)
    if problem:
        errors[name] = problem
        return None
    return Tiers(tuple(Tier(each.above, each.percent) for each in bands))


def _wrong(bands: Sequence[Band]) -> str:
    """What is wrong with a scale, "" when nothing is."""
    numbers = [
        value for each in bands for value in (each.above, each.until, each.percent) if value is not None
    ]
    if len(bands) > MOST_TIERS:
        return "Write 12 lines at most."
    if not all(each.is_finite() and 0 <= each <= MOST for each in numbers):
        return "Write numbers from 0 on."
    if any(each.percent > 100 for each in bands):
        return "Write percentages up to 100."
    if any(each.until is not None and each.until <= each.above for each in bands):
        return "A line ends after it begins."
    for low, high in pairwise(bands):
        if low.until is None or high.above < low.until:
            return "Two lines overlap: let each begin where the one before ends."
        if high.above > low.until:
            return "There is a gap between two lines: let each begin where the one before ends."
        if high.percent <= low.percent:
            return "Let the percentage rise from line to line."
    return (
        ""
        if bands[-1].until is None
        else "Leave the end of the last line open: what is beyond it counts too."
    )


def _breaches(money: Money, errors: dict[str, str]) -> PerBreach | None:
    if money.breach_cents is None:
        if money.tolerated:
            errors["breach_amount"] = "Write what each late contact costs."
        return None
    if not 0 < money.breach_cents <= MOST_CENTS:
        errors["breach_amount"] = "Write an amount above 0, up to 10,000,000."
    if not 0 <= money.tolerated <= MOST_TOLERATED:
        errors["tolerated"] = "Write a number from 0 to 1,000,000."
    if errors.keys() & {"breach_amount", "tolerated"}:
        return None
    return PerBreach(money.breach_cents, money.tolerated)


def _days(money: Money, errors: dict[str, str]) -> PerDay | None:
    if money.day_cents is None and money.day_permille is None:
        return None
    cents, permille = money.day_cents or 0, money.day_permille or Decimal(0)
    if not 0 <= cents <= MOST_CENTS:
        errors["day_amount"] = "Write an amount above 0, up to 10,000,000."
    if not permille.is_finite() or not 0 <= permille <= 1_000:
        errors["day_permille"] = "Write thousandths from 0 to 1000."
    if errors.keys() & {"day_amount", "day_permille"}:
        return None
    return PerDay(cents, permille)


def option(kind: Callable[[str], T], given: str, name: str, errors: dict[str, str]) -> T | None:
    """The member of an enumeration; None, and a mistake, for what is none."""
    try:
        return kind(given)
    except ValueError:
        errors[name] = OPTION
        return None
