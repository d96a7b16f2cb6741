from __future__ import annotations

from decimal import Decimal

import pytest

from portavoce.sla.money import Band, Money, scheme_of
from portavoce.sla.schemes import CreditNature, PerBreach, PerDay, Scheme, Steps, Tier, Tiers

POINT = Decimal("0.01")


def bands(*lines: tuple[str, str | None, str]) -> tuple[Band, ...]:
    return tuple(
        Band(Decimal(above), None if until is None else Decimal(until), Decimal(percent))
        for above, until, percent in lines
    )


def test_everything_a_clause_can_cost_and_earn_becomes_its_scheme() -> None:
    money = Money(
        step_size=POINT, step_percent=Decimal(1), breach_cents=500, tolerated=3, day_cents=1_000,
        day_permille=Decimal("0.5"), bonus_tiers=bands(("0.01", "0.02", "1"), ("0.02", None, "2")),
        weight=Decimal(2), nature="PENALTY",
    )  # fmt: skip
    errors: dict[str, str] = {}
    assert scheme_of(money, errors) == Scheme(
        malus=(Steps(POINT, Decimal(1)), PerBreach(500, 3), PerDay(1_000, Decimal("0.5"))),
        bonus=(Tiers((Tier(POINT, Decimal(1)), Tier(2 * POINT, Decimal(2)))),),
        weight=Decimal(2),
        nature=CreditNature.PENALTY,
    )
    assert scheme_of(Money(), errors) == Scheme()
    assert errors == {}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((("0", "1", "1"), ("2", None, "2")), "gap"),
        ((("0", "2", "1"), ("1", None, "2")), "overlap"),
        ((("0", None, "1"), ("1", None, "2")), "overlap"),
        ((("0", "1", "2"), ("1", None, "2")), "rise"),
        ((("0", "1", "1"),), "open"),
        ((("1", "1", "1"),), "ends after"),
        ((("0", None, "101"),), "up to 100"),
        ((("0", None, "NaN"),), "numbers"),
        (tuple((str(n), str(n + 1), str(n + 1)) for n in range(13)), "12 lines"),
    ],
)
def test_a_scale_with_gaps_overlaps_or_without_rise_is_refused(
    lines: tuple[tuple[str, str | None, str], ...], said: str
) -> None:
    errors: dict[str, str] = {}
    scheme_of(Money(tiers=bands(*lines)), errors)
    assert said in errors["tiers"]


@pytest.mark.parametrize(
    ("money", "fields"),
    [
        (Money(step_size=POINT), {"steps_percent"}),
        (Money(step_percent=Decimal(1)), {"steps_size"}),
        (Money(step_size=Decimal(0), step_percent=Decimal(101)), {"steps_size", "steps_percent"}),
        (Money(bonus_size=POINT, bonus_percent=Decimal("Infinity")), {"bonus_percent"}),
        (Money(breach_cents=0), {"breach_amount"}),
        (Money(tolerated=2), {"breach_amount"}),
        (Money(breach_cents=1, tolerated=-1), {"tolerated"}),
        (Money(day_cents=-1, day_permille=Decimal(1_001)), {"day_amount", "day_permille"}),
        (Money(weight=Decimal("NaN"), nature="GIFT"), {"weight", "nature"}),
        (Money(step_size=POINT, step_percent=Decimal(1), tiers=bands(("0", None, "1"))), {"tiers"}),
    ],
)
def test_a_mistake_is_told_by_its_field(money: Money, fields: set[str]) -> None:
    errors: dict[str, str] = {}
    scheme_of(money, errors)
    assert set(errors) == fields
