from collections import Counter
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.sla.measures.ratios import Ratio
from portavoce.sla.measures.waits import Waits, waits

TEN = waits(range(1, 11))
LISTS = st.lists(st.integers(0, 90), max_size=20)


@pytest.mark.parametrize(
    ("share_bp", "seconds"),
    [(5000, 5), (5001, 6), (9000, 9), (9001, 10), (9500, 10), (10_000, 10), (1, 1), (1000, 1), (1001, 2)],
)
def test_a_percentile_is_the_nearest_rank(share_bp: int, seconds: int) -> None:
    assert TEN.percentile_s(share_bp) == seconds


def test_no_waits_are_no_data() -> None:
    assert Waits().percentile_s(5000) is None
    assert Waits().longest_s is None
    assert Waits().mean.value is None


@pytest.mark.parametrize("share_bp", [0, -1, 10_001])
def test_a_rank_outside_of_all_is_refused(share_bp: int) -> None:
    with pytest.raises(ValueError):
        TEN.percentile_s(share_bp)


@pytest.mark.parametrize("counts", [{-1: 1}, {3: 0}, {3: -2}])
def test_negative_waits_and_empty_counts_are_refused(counts: dict[int, int]) -> None:
    with pytest.raises(ValueError):
        Waits(counts)


def test_exactly_the_threshold_is_within() -> None:
    assert [TEN.within(n) for n in (0, 1, 9, 10, 11)] == [0, 1, 9, 10, 10]


@given(LISTS, st.integers(1, 10_000))
def test_the_histogram_says_what_the_sorted_list_says(seconds: list[int], share_bp: int) -> None:
    found, ordered = waits(seconds), sorted(seconds)
    rank = ceil(Fraction(share_bp, 10_000) * len(ordered))
    assert found.percentile_s(share_bp) == (ordered[rank - 1] if ordered else None)
    assert found.mean == Ratio(sum(seconds), len(seconds))
    assert found.longest_s == max(seconds, default=None)
    assert found.counts == Counter(seconds)


@given(LISTS, LISTS, st.integers(0, 90))
def test_merging_is_counting_at_once_and_a_longer_threshold_never_holds_fewer(
    some: list[int], others: list[int], threshold: int
) -> None:
    both = waits(some + others)
    assert waits(some) + waits(others) == waits(others) + waits(some) == both
    assert both.within(threshold) == sum(s <= threshold for s in some + others)
    assert both.within(threshold) <= both.within(threshold + 1) <= both.n
