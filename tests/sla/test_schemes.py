from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.sla.goals import Direction, Goal, Statistic
from portavoce.sla.measures.intervals import IntervalBasis, by_interval, relieved
from portavoce.sla.measures.queueing import End, Tally
from portavoce.sla.measures.service_level import SlVariant, counts, service_level
from portavoce.sla.schemes import (
    Charge,
    ClauseMonth,
    CreditNature,
    Limits,
    PerBreach,
    PerDay,
    Reading,
    Scheme,
    Settlement,
    Steps,
    Tier,
    Tiers,
    outcome,
    settle,
)
from tests.sla.measures.queues import EVENING, NINE, call

BASE = 48_750_00
OFFERED = SlVariant.SL_OFFERED


def goal(direction: Direction, target: str) -> Goal:
    return Goal(Statistic.SHARE_WITHIN, direction, Decimal(target))


def steps(size: str = "0.01", percent: str = "1") -> Steps:
    return Steps(Decimal(size), Decimal(percent))


def tiers(*pairs: tuple[str, str]) -> Tiers:
    return Tiers(tuple(Tier(Decimal(above), Decimal(percent)) for above, percent in pairs))


ANSWERED = goal(Direction.AT_LEAST, "0.80")
ABANDONED = goal(Direction.AT_MOST, "0.05")
RATED = goal(Direction.AT_LEAST, "0.85")
FULL_POINTS = Scheme(malus=(steps(),))
BY_TIERS = Scheme(malus=(tiers(("0", "1"), ("0.01", "1.5"), ("0.02", "3")),))
BONUS = Scheme(malus=(steps(),), bonus=(steps("0.03"),))


def month(
    name: str, its_goal: Goal, scheme: Scheme, raw: str | None, adjusted: str | None = "same"
) -> ClauseMonth:
    values = [raw, raw if adjusted == "same" else adjusted]
    first, second = (Reading(None if each is None else Fraction(Decimal(each))) for each in values)
    return ClauseMonth(name, its_goal, scheme, first, second)


B6 = (
    month("answered", ANSWERED, FULL_POINTS, "0.774"),
    month("abandoned", ABANDONED, BY_TIERS, "0.063"),
    month("rated", RATED, BONUS, "0.881"),
)


def dues(found: Settlement) -> list[tuple[int, int]]:
    return [(each.adjusted.credit.due, each.adjusted.bonus.due) for each in found.lines]


def test_the_worked_example_comes_out_to_the_cent() -> None:
    found = settle(BASE, B6)
    assert dues(found) == [(975_00, 0), (731_25, 0), (0, 487_50)]
    assert [each.adjusted.credit.percent for each in found.lines] == [2, Fraction(3, 2), 0]
    assert found.adjusted_cents == found.raw_cents == 1_218_75
    assert BASE - found.adjusted_cents == 47_531_25


@pytest.mark.parametrize(
    ("value", "percent"),
    [
        ("0.80", 0),
        ("0.7900001", 0),
        ("0.79", 1),
        ("0.7800001", 1),
        ("0.78", 2),
        ("0.774", 2),
        ("0.95", 0),
        ("0", 80),
    ],
)
def test_only_full_points_below_the_target_count(value: str, percent: int) -> None:
    reading = Reading(Fraction(Decimal(value)))
    assert outcome(BASE, ANSWERED, FULL_POINTS, reading).credit.percent == percent


@pytest.mark.parametrize(
    ("value", "percent"),
    [
        ("0.05", "0"),
        ("0.0500001", "1"),
        ("0.06", "1"),
        ("0.0600001", "1.5"),
        ("0.07", "1.5"),
        ("0.0700001", "3"),
        ("0.90", "3"),
        ("0.01", "0"),
    ],
)
def test_a_tier_ends_with_the_figure_it_names(value: str, percent: str) -> None:
    reading = Reading(Fraction(Decimal(value)))
    assert outcome(BASE, ABANDONED, BY_TIERS, reading).credit.percent == Fraction(Decimal(percent))


def test_no_data_costs_and_earns_nothing() -> None:
    charge = Charge(Fraction(0), 0, 0)
    found = outcome(BASE, RATED, BONUS, Reading(None))
    assert (found.credit, found.bonus) == (charge, charge)


def test_relief_leaves_both_figures_and_the_adjusted_one_is_due() -> None:
    found = settle(BASE, [month("answered", ANSWERED, FULL_POINTS, "0.774", "0.812")])
    (line,) = found.lines
    assert (line.raw.credit.due, line.adjusted.credit.due) == (975_00, 0)
    assert (found.raw_cents, found.adjusted_cents) == (975_00, 0)


def test_a_relief_leaves_numerator_and_denominator_before_the_target_is_asked() -> None:
    good = [call(10, End.ANSWERED)] * 17 + [call(60, End.ANSWERED)] * 3
    outage = [call(90, End.ANSWERED, entered_s=1_800)] * 5
    whole = by_interval([*good, *outage], EVENING, basis=IntervalBasis.QUEUE_ENTER)
    relief = NINE + timedelta(minutes=30), NINE + timedelta(minutes=45)
    raw, adjusted = (
        Reading(service_level(counts(sum(each.values(), Tally()), threshold_s=20, short_s=5), OFFERED).value)
        for each in (whole, relieved(whole, [relief]))
    )
    assert (raw.value, adjusted.value) == (Fraction(17, 25), Fraction(17, 20))
    found = settle(BASE, [ClauseMonth("answered", ANSWERED, FULL_POINTS, raw, adjusted)])
    assert (found.raw_cents, found.adjusted_cents) == (12 * 487_50, 0)


def test_the_sum_of_the_credits_is_limited_and_cut_in_proportion_to_the_cent() -> None:
    found = settle(BASE, B6, Limits(credit_percent=Decimal("2"), bonus_percent=Decimal("0.5")))
    assert dues(found) == [(557_14, 0), (417_86, 0), (0, 243_75)]
    assert [each.adjusted.credit.computed for each in found.lines] == [975_00, 731_25, 0]
    assert found.adjusted_cents == 975_00 - 243_75


def test_a_limit_that_is_not_reached_changes_nothing() -> None:
    assert settle(BASE, B6, Limits(credit_percent=Decimal("3.5"))) == settle(BASE, B6)


def test_breaches_and_days_cost_amounts_beside_the_steps() -> None:
    scheme = Scheme(
        malus=(steps(), PerBreach(25_00, tolerated=2), PerDay(cents=10, permille=Decimal("0.5"))),
        nature=CreditNature.PENALTY,
    )
    late = Reading(Fraction(79, 100), breaches=5, days=3)
    found = outcome(BASE, ANSWERED, scheme, late).credit
    assert found.computed == 487_50 + 3 * 25_00 + 30 + 73_13
    assert outcome(BASE, ANSWERED, scheme, Reading(None, breaches=2)).credit.computed == 0


def test_the_weight_multiplies_percentages() -> None:
    scheme = Scheme(malus=(steps(percent="0.5"), steps(percent="0.5"), PerBreach(1)), weight=Decimal("0.3"))
    found = outcome(1_50, ANSWERED, scheme, Reading(Fraction(79, 100), breaches=0)).credit
    assert (found.percent, found.computed) == (Fraction(3, 10), 0)
    assert outcome(5_00, ANSWERED, scheme, Reading(Fraction(79, 100), breaches=7)).credit.computed == 9


def test_a_line_of_two_halves_is_rounded_once() -> None:
    scheme = Scheme(malus=(steps(), PerDay(permille=Decimal(10))))
    found = outcome(1_50, ANSWERED, scheme, Reading(Fraction(79, 100), days=1)).credit
    assert found.computed == 3  # 1.5 cents and 1.5 cents; each rounded by itself would be 4


@pytest.mark.parametrize(
    ("percent", "base", "cents"), [("1", 234_50, 235), ("1", 234_49, 234), ("1", 2_50, 3), ("1", 3_50, 4)]
)
def test_half_a_cent_is_rounded_up_and_never_to_the_even_one(percent: str, base: int, cents: int) -> None:
    found = outcome(base, ANSWERED, Scheme(malus=(steps(percent=percent),)), Reading(Fraction(79, 100)))
    assert found.credit.computed == cents


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: steps("0"),
        lambda: steps(percent="-1"),
        lambda: steps("NaN"),
        lambda: steps(percent="Infinity"),
        lambda: tiers(("0", "NaN")),
        lambda: PerDay(permille=Decimal("Infinity")),
        lambda: tiers(),
        lambda: tiers(("0.02", "1"), ("0.01", "2")),
        lambda: tiers(("0", "2"), ("0.01", "1")),
        lambda: tiers(("-0.01", "1")),
        lambda: tiers(("0", "-1")),
        lambda: PerBreach(-1),
        lambda: PerDay(permille=Decimal(-1)),
        lambda: Scheme(weight=Decimal(-1)),
        lambda: Scheme(weight=Decimal("NaN")),
        lambda: Limits(credit_percent=Decimal(-1)),
        lambda: Limits(bonus_percent=Decimal("-0.1")),
        lambda: settle(-1, []),
    ],
)
def test_a_scheme_that_pays_the_wrong_way_is_refused(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(ValueError):
        wrong()


SCALES = st.one_of(
    st.builds(Steps, st.decimals("0.001", "0.1", places=3), st.decimals("0.1", "5", places=1)),
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 60)), min_size=1, max_size=4).map(
        lambda pairs: tiers(
            *(
                (f"{above / 100:.2f}", f"{percent / 10:.1f}")
                for above, percent in zip(
                    sorted({above for above, _ in pairs}),
                    sorted(percent + n for n, (_, percent) in enumerate(sorted(pairs, key=lambda p: p[1]))),
                    strict=False,
                )
            )
        )
    ),
)
SCHEMES = st.builds(
    Scheme,
    st.lists(SCALES, max_size=2).map(tuple),
    st.lists(SCALES, max_size=2).map(tuple),
    st.decimals("0.1", "1", places=1),
)
SHARES = st.fractions(0, 1, max_denominator=400)
MONTHS = st.lists(
    st.builds(
        ClauseMonth,
        st.just("clause"),
        st.sampled_from((ANSWERED, ABANDONED, RATED)),
        SCHEMES,
        st.builds(Reading, SHARES | st.none()),
        st.builds(Reading, SHARES | st.none()),
    ),
    max_size=3,
)


@given(st.integers(0, 10**9), SCHEMES, SHARES, SHARES)
def test_a_better_figure_never_costs_more_or_earns_less(
    base: int, scheme: Scheme, one: Fraction, two: Fraction
) -> None:
    low, high = (outcome(base, ANSWERED, scheme, Reading(each)) for each in sorted((one, two)))
    assert low.credit.computed >= high.credit.computed >= 0
    assert 0 <= low.bonus.computed <= high.bonus.computed
    assert not (low.credit.computed and low.bonus.computed)


@given(st.integers(0, 10**9), MONTHS, st.decimals(0, 10, places=1), st.decimals(0, 10, places=1))
def test_what_is_due_adds_up_and_never_exceeds_the_limits(
    base: int, months: list[ClauseMonth], credit: Decimal, bonus: Decimal
) -> None:
    found = settle(base, months, Limits(credit, bonus))
    free = settle(base, months)
    for side, limit in (("credit", credit), ("bonus", bonus)):
        charges = [getattr(each.adjusted, side) for each in found.lines]
        most = int(Fraction(base) * Fraction(limit) / 100 + Fraction(1, 2))
        assert sum(each.due for each in charges) == min(most, sum(each.computed for each in charges))
        assert all(0 <= each.due <= each.computed for each in charges)
        assert [each.computed for each in charges] == [
            getattr(each.adjusted, side).due for each in free.lines
        ]
    assert found.adjusted_cents == sum(
        each.adjusted.credit.due - each.adjusted.bonus.due for each in found.lines
    )


@given(SCHEMES)
def test_a_scheme_survives_being_stored(scheme: Scheme) -> None:
    assert msgspec.json.decode(msgspec.json.encode(scheme), type=Scheme) == scheme
