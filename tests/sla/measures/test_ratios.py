from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.sla.measures.ratios import NOTHING, Ratio, percent, rounded, together


def test_an_aggregate_is_the_sum_and_not_the_mean_of_percentages() -> None:
    both = together([Ratio(9, 10), Ratio(100, 200)])
    assert percent(both.value) == Decimal("51.90")
    assert both == Ratio(109, 210)


def test_a_share_of_nothing_is_no_data() -> None:
    assert NOTHING.value is None
    assert percent(NOTHING.value) is None


def test_there_is_no_negative_whole() -> None:
    with pytest.raises(ValueError):
        Ratio(0, -1)


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (Fraction(2345, 1000), 2, "2.35"),
        (Fraction(-2345, 1000), 2, "-2.35"),
        (Fraction(2344999, 1000000), 2, "2.34"),
        (Fraction(1, 2), 0, "1"),
        (Fraction(-1, 2), 0, "-1"),
        (Fraction(2, 3), 4, "0.6667"),
        (Fraction(80), 2, "80.00"),
    ],
)
def test_halves_are_rounded_away_from_zero(value: Fraction, places: int, shown: str) -> None:
    assert str(rounded(value, places)) == shown


@given(st.decimals(-1_000_000, 1_000_000, places=6), st.integers(0, 5))
def test_rounding_agrees_with_decimals_own_half_up(value: Decimal, places: int) -> None:
    assert rounded(Fraction(value), places) == value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda n: Ratio(n[0], sum(n)))))
def test_sums_in_any_batches_are_the_sum_of_all(ratios: list[Ratio]) -> None:
    half = len(ratios) // 2
    assert together(ratios) == together(ratios[half:]) + together(reversed(ratios[:half]))
    value = together(ratios).value
    assert value is None or 0 <= value <= 1
