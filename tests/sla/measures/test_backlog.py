from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.sla.measures.backlog import Ageing, Open, ageing
from portavoce.sla.measures.ratios import Ratio

HOUR, DAY = 3_600, 86_400


@pytest.mark.parametrize(
    ("age_s", "bucket"),
    [
        (0, 0),
        (4 * HOUR, 0),
        (4 * HOUR + 1, 1),
        (8 * HOUR, 1),
        (8 * HOUR + 1, 2),
        (DAY, 2),
        (DAY + 1, 3),
        (3 * DAY, 3),
        (3 * DAY + 1, 4),
        (7 * DAY, 4),
        (7 * DAY + 1, 5),
    ],
)
def test_an_age_at_the_edge_belongs_to_the_younger(age_s: int, bucket: int) -> None:
    assert ageing([Open(age_s)]).buckets == tuple(int(n == bucket) for n in range(6))


@pytest.mark.parametrize(
    ("age_s", "overdue", "cycles"),
    [(100, 0, 0), (101, 1, 1), (200, 1, 1), (201, 1, 2), (450, 1, 4)],
)
def test_cycles_late_are_begun_ones_of_the_late_alone(age_s: int, overdue: int, cycles: int) -> None:
    found = ageing([Open(age_s, 100), Open(5, 100), Open(10_000)])
    assert (found.n, found.overdue, found.cycles) == (3, overdue, cycles)


def test_the_average_is_over_what_is_late_and_no_data_without() -> None:
    assert ageing([Open(101, 100), Open(350, 100), Open(1, 100)]).average_cycles_late == Ratio(4, 2)
    assert ageing([Open(1, 100)]).average_cycles_late.value is None
    assert Ageing().average_cycles_late.value is None


@pytest.mark.parametrize(("age_s", "target_s"), [(-1, 5), (1, 0), (1, -5)])
def test_nothing_began_in_the_future_or_was_due_before_it(age_s: int, target_s: int) -> None:
    with pytest.raises(ValueError):
        Open(age_s, target_s)


ITEMS = st.lists(st.builds(Open, st.integers(0, 9 * DAY), st.none() | st.integers(1, 3 * DAY)), max_size=8)


@given(ITEMS, ITEMS)
def test_parts_of_a_backlog_add_up_to_all_of_it(some: list[Open], others: list[Open]) -> None:
    both = ageing(some) + ageing(others)
    assert both == ageing(others + some)
    assert both.n == len(some) + len(others)
    late = [
        (each.age_s - each.target_s, each.target_s)
        for each in some + others
        if each.target_s and each.age_s > each.target_s
    ]
    assert both.average_cycles_late == Ratio(sum(ceil(Fraction(*each)) for each in late), len(late))
