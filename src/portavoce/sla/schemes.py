"""The money of a clause: what missing its target costs and beating it earns, as parts of a monthly base in whole cents.

Source: reference/commercial.md §5, §8, §9 (B6) and §10. Percentages are of the base; every line is rounded once, halves
away from zero; figures are never rounded before they are compared. Relief leaves two readings, as measured and adjusted:
both are carried to the end, the adjusted one is due.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

import msgspec

from portavoce.sla.goals import Goal, missed_by
from portavoce.sla.measures.ratios import rounded


class CreditNature(StrEnum):
    """A price reduction lowers what is invoiced, at its VAT; a penalty is damages."""

    PRICE_REDUCTION = "PRICE_REDUCTION"
    PENALTY = "PENALTY"


def _finite(*values: Decimal) -> bool:
    return all(each.is_finite() for each in values)


class Steps(msgspec.Struct, frozen=True, tag="steps"):
    """Each full `size` beyond the target, in the unit of the figure (0.01 is a point of a share), is `percent` of the base.
    ValueError unless both are above 0.
    """

    size: Decimal
    percent: Decimal

    def __post_init__(self) -> None:
        if not _finite(self.size, self.percent) or min(self.size, self.percent) <= 0:
            raise ValueError(f"{self} is no step")

    def percent_at(self, beyond: Fraction) -> Fraction:
        full = beyond // Fraction(self.size)
        return max(full, 0) * Fraction(self.percent)


class Tier(msgspec.Struct, frozen=True):
    """`percent` of the base from past `above`, up to and including where the next tier begins. ValueError below 0."""

    above: Decimal
    percent: Decimal

    def __post_init__(self) -> None:
        if not _finite(self.above, self.percent) or min(self.above, self.percent) < 0:
            raise ValueError(f"{self} is no tier")


class Tiers(msgspec.Struct, frozen=True, tag="tiers"):
    """In rising order of both; ValueError otherwise. (1,2] = 1.5 % is a tier above 1 with a next one above 2; the last one
    has no end.
    """

    tiers: tuple[Tier, ...]

    def __post_init__(self) -> None:
        rising = all(
            low.above < high.above and low.percent < high.percent for low, high in pairwise(self.tiers)
        )
        if not self.tiers or not rising:
            raise ValueError(f"{self} are no tiers")

    def percent_at(self, beyond: Fraction) -> Fraction:
        reached = (Fraction(each.percent) for each in reversed(self.tiers) if beyond > Fraction(each.above))
        return next(reached, Fraction(0))


class PerBreach(msgspec.Struct, frozen=True, tag="per_breach"):
    """An amount for each breach after the first `tolerated` ones of the month. ValueError for less than nothing."""

    cents: int
    tolerated: int = 0

    def __post_init__(self) -> None:
        if min(self.cents, self.tolerated) < 0:
            raise ValueError(f"{self} is no penalty")


class PerDay(msgspec.Struct, frozen=True, tag="per_day"):
    """For each day of default an amount, or thousandths of the base as Italian public contracts have it, or both."""

    cents: int = 0
    permille: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if not _finite(self.permille) or self.cents < 0 or self.permille < 0:
            raise ValueError(f"{self} is no penalty")


class Scheme(msgspec.Struct, frozen=True):
    """Everything one clause can cost or earn. The weight multiplies percentages, not amounts, and turns
    none of them around (ValueError).
    """

    malus: tuple[Steps | Tiers | PerBreach | PerDay, ...] = ()
    bonus: tuple[Steps | Tiers, ...] = ()
    weight: Decimal = Decimal(1)
    nature: CreditNature = CreditNature.PRICE_REDUCTION

    def __post_init__(self) -> None:
        if not _finite(self.weight) or self.weight < 0:
            raise ValueError(f"a weight of {self.weight}")


class Reading(msgspec.Struct, frozen=True):
    """A month of one clause: its exact figure (None is no data and costs nothing), its breaches, its days of default."""

    value: Fraction | None
    breaches: int = 0
    days: int = 0


class Charge(msgspec.Struct, frozen=True):
    """`percent` of the base, weighted, and cents: `computed` by the clause alone, `due` after the cap of them all."""

    percent: Fraction
    computed: int
    due: int


class ClauseMonth(msgspec.Struct, frozen=True):
    """What the month of one clause was, named as the caller likes."""

    name: str
    goal: Goal
    scheme: Scheme
    raw: Reading
    adjusted: Reading


class Outcome(msgspec.Struct, frozen=True):
    """One clause by one reading."""

    credit: Charge
    bonus: Charge


class Line(msgspec.Struct, frozen=True):
    name: str
    nature: CreditNature
    raw: Outcome
    adjusted: Outcome


class Limits(msgspec.Struct, frozen=True):
    """Per cent of the base that the credits of a month, and its bonuses, may reach together; None is no limit."""

    credit_percent: Decimal | None = None
    bonus_percent: Decimal | None = None

    def __post_init__(self) -> None:
        given = [each for each in (self.credit_percent, self.bonus_percent) if each is not None]
        if not _finite(*given) or any(each < 0 for each in given):
            raise ValueError(f"{self} are no limits")


class Settlement(msgspec.Struct, frozen=True):
    """Lines in the order of the clauses. `raw_cents` and `adjusted_cents` are credits less bonuses after the limits: what
    the client pays less, or more if negative.
    """

    lines: tuple[Line, ...]
    raw_cents: int
    adjusted_cents: int


NO_LIMITS = Limits()


def settle(base_cents: int, clauses: Sequence[ClauseMonth], limits: Limits = NO_LIMITS) -> Settlement:
    """The money of a month. ValueError for a base below 0.

    Where a limit cuts, the lines are cut in proportion, to whole cents by the largest remainder, so that they still add up.
    """
    if base_cents < 0:
        raise ValueError(f"a base of {base_cents}")
    raw = _outcomes(base_cents, clauses, [each.raw for each in clauses], limits)
    adjusted = _outcomes(base_cents, clauses, [each.adjusted for each in clauses], limits)
    lines = tuple(
        Line(each.name, each.scheme.nature, measured, relieved)
        for each, measured, relieved in zip(clauses, raw, adjusted, strict=True)
    )
    return Settlement(lines, _net(raw), _net(adjusted))


def outcome(base_cents: int, goal: Goal, scheme: Scheme, reading: Reading) -> Outcome:
    """Of one clause alone, before any limit."""
    beyond = Fraction(0) if reading.value is None else missed_by(goal, reading.value)
    return Outcome(
        credit=_charge(
            base_cents, _percent(scheme, scheme.malus, beyond), _amounts(base_cents, scheme, reading)
        ),
        bonus=_charge(base_cents, _percent(scheme, scheme.bonus, -beyond), Fraction(0)),
    )


def _outcomes(
    base_cents: int, clauses: Sequence[ClauseMonth], readings: Sequence[Reading], limits: Limits
) -> list[Outcome]:
    alone = [
        outcome(base_cents, clause.goal, clause.scheme, reading)
        for clause, reading in zip(clauses, readings, strict=True)
    ]
    credits = _limited([each.credit for each in alone], base_cents, limits.credit_percent)
    bonuses = _limited([each.bonus for each in alone], base_cents, limits.bonus_percent)
    return [Outcome(credit, bonus) for credit, bonus in zip(credits, bonuses, strict=True)]


def _percent(scheme: Scheme, parts: Sequence[object], beyond: Fraction) -> Fraction:
    scales = [each for each in parts if isinstance(each, Steps | Tiers)]
    return Fraction(scheme.weight) * sum((each.percent_at(beyond) for each in scales), Fraction(0))


def _amounts(base_cents: int, scheme: Scheme, reading: Reading) -> Fraction:
    total = Fraction(0)
    for part in scheme.malus:
        match part:
            case PerBreach():
                total += part.cents * max(reading.breaches - part.tolerated, 0)
            case PerDay():
                total += reading.days * (part.cents + base_cents * Fraction(part.permille) / 1_000)
    return total


def _charge(base_cents: int, percent: Fraction, amounts: Fraction) -> Charge:
    cents = int(rounded(base_cents * percent / 100 + amounts))
    return Charge(percent, cents, cents)


def _limited(charges: Sequence[Charge], base_cents: int, percent: Decimal | None) -> list[Charge]:
    computed = sum(each.computed for each in charges)
    limit = computed if percent is None else int(rounded(base_cents * Fraction(percent) / 100))
    if computed <= limit:
        return list(charges)
    shares = [divmod(limit * each.computed, computed) for each in charges]
    spare = limit - sum(whole for whole, _ in shares)
    first = sorted(range(len(shares)), key=lambda n: (-shares[n][1], n))[:spare]
    return [
        Charge(each.percent, each.computed, shares[n][0] + (n in first)) for n, each in enumerate(charges)
    ]


def _net(outcomes: Sequence[Outcome]) -> int:
    return sum(each.credit.due - each.bonus.due for each in outcomes)
