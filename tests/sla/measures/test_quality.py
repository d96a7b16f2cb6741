from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.sla.measures.quality import (
    Critical,
    Item,
    accuracy,
    mean_score,
    score,
    short_of_sample,
)
from portavoce.sla.measures.ratios import Ratio

GOOD = (Item(20, True), Item(30, False), Item(50, True), Item(40, None))


@pytest.mark.parametrize("critical", Critical)
def test_one_critical_error_makes_it_nothing(critical: Critical) -> None:
    assert score(GOOD) == Ratio(70, 100)
    assert score((*GOOD, Item(10, True, critical))) == Ratio(80, 110)
    assert score((*GOOD, Item(10, False, critical))) == Ratio(0, 110)
    assert score((*GOOD, Item(0, False, critical))) == Ratio(0, 100)
    assert score((*GOOD, Item(10, None, critical))) == Ratio(70, 100)


def test_each_review_weighs_the_same_and_one_of_nothing_is_left_out() -> None:
    assert mean_score([GOOD, (Item(1, True),), (Item(5, None),)]) == Fraction(85, 100)
    assert mean_score([(Item(5, None),)]) is None


def test_accuracy_is_told_for_each_kind_of_critical_error_apart() -> None:
    customer, business = Critical.CUSTOMER, Critical.BUSINESS
    reviews = [
        (Item(1, True, customer), Item(1, False, business)),
        (Item(1, True, customer), Item(1, False, customer)),
        (Item(1, True, customer), Item(1, None, business)),
        GOOD,
    ]
    assert accuracy(reviews, customer) == Ratio(2, 3)
    assert accuracy(reviews, business) == Ratio(0, 1)
    assert accuracy(reviews, Critical.COMPLIANCE).value is None


def test_who_was_reviewed_too_rarely_is_named_with_what_is_missing() -> None:
    anna, bruno, carla = (UUID(int=n) for n in (1, 2, 3))
    assert short_of_sample({anna: 4, bruno: 5, carla: 0}, 5) == {anna: 1, carla: 5}


def test_no_line_weighs_less_than_nothing() -> None:
    with pytest.raises(ValueError):
        Item(-1, True)


@given(
    st.lists(
        st.builds(
            Item,
            st.integers(0, 50),
            st.sampled_from((True, False, None)),
            st.none() | st.sampled_from(Critical),
        )
    )
)
def test_a_score_is_a_share_and_passing_more_never_lowers_it(review: list[Item]) -> None:
    value = score(review).value
    assert value is None or 0 <= value <= 1
    better = [Item(each.weight, True, each.critical) if each.passed is False else each for each in review]
    raised = score(better).value
    assert (raised is None) is (value is None)
    assert value is None or raised == 1 or value <= (raised or 0)
