from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from portavoce.sla.measures.spans import Span, common, joined, seconds

ZERO = datetime(2026, 10, 25, tzinfo=UTC)
PAIRS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5)


def spans(pairs: list[tuple[int, int]]) -> list[Span]:
    return [(ZERO + timedelta(seconds=a), ZERO + timedelta(seconds=b)) for a, b in pairs]


def covered(pairs: list[tuple[int, int]]) -> set[int]:
    return {second for a, b in pairs for second in range(a, b)}


@given(PAIRS, PAIRS)
def test_joining_and_cutting_agree_with_second_by_second(
    some: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    assert seconds(joined(spans(some))) == len(covered(some))
    both = common(spans(some), spans(others))
    assert seconds(both) == len(covered(some) & covered(others))
    assert both == common(spans(others), spans(some))


@given(PAIRS)
@example([(5, 9), (0, 5), (9, 9)])
def test_joined_spans_come_in_order_and_never_touch(pairs: list[tuple[int, int]]) -> None:
    found = joined(spans(pairs))
    assert all(first[1] < second[0] for first, second in pairwise(found))


def test_parts_of_a_second_add_up_before_they_are_left_out() -> None:
    half = timedelta(milliseconds=500)
    assert seconds([(ZERO, ZERO + half), (ZERO + 2 * half, ZERO + 3 * half)]) == 1
    assert seconds([(ZERO, ZERO + half)]) == 0
