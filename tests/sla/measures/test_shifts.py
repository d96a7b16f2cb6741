from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.sla.measures.ratios import Ratio, percent
from portavoce.sla.measures.shifts import Paid, Shift, logged_s, occupancy, shrinkage, utilisation

DAY = Shift(
    paid_s=28_800,
    talk_s=15_120,
    hold_s=720,
    acw_s=3_060,
    outbound_s=1_200,
    aux_s=1_500,
    break_s=1_800,
    training_s=900,
    offline_s=900,
)
"""The shift vector of the reference within eight paid hours: what is left is READY, 3,600 s."""
SECONDS = st.integers(0, 3_600)
SHIFTS = st.builds(
    lambda parts, ready: Shift(sum(parts) + ready, *parts),
    st.lists(SECONDS, min_size=10, max_size=10),
    SECONDS,
)


def test_the_shift_vector_comes_out() -> None:
    assert DAY.ready_s == 3_600
    assert occupancy(DAY, outbound=False) == Ratio(18_900, 22_500)
    assert percent(occupancy(DAY, outbound=False).value) == Decimal("84.00")


def test_the_other_figures_of_the_same_shift_all_differ() -> None:
    assert occupancy(DAY, outbound=True) == Ratio(20_100, 23_700)
    assert utilisation(DAY, of=Paid.LOGGED) == Ratio(20_100, 27_900)
    assert utilisation(DAY, of=Paid.PAID) == Ratio(20_100, 28_800)
    assert utilisation(DAY, of=Paid.PAID, ready=True) == Ratio(23_700, 28_800)
    assert DAY.productive_s == 23_700
    assert logged_s(DAY, breaks=True) == 27_900
    assert logged_s(DAY, breaks=False) == 26_100
    assert shrinkage(DAY) == Ratio(5_100, 28_800)


def test_an_empty_shift_is_no_data() -> None:
    figures = (occupancy(Shift(), outbound=True), utilisation(Shift(), of=Paid.PAID), shrinkage(Shift()))
    assert [each.value for each in figures] == [None] * 3


@pytest.mark.parametrize("wrong", [{"paid_s": 10, "talk_s": 11}, {"paid_s": 10, "aux_s": -1}])
def test_nobody_did_more_than_was_paid_or_less_than_nothing(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        Shift(**wrong)


@given(SHIFTS, SHIFTS)
def test_shifts_add_up_and_their_shares_stay_shares(mine: Shift, theirs: Shift) -> None:
    both = mine + theirs
    assert both == theirs + mine
    assert both.ready_s == mine.ready_s + theirs.ready_s
    shares = [
        occupancy(both, outbound=False),
        occupancy(both, outbound=True),
        utilisation(both, of=Paid.PAID),
        utilisation(both, of=Paid.LOGGED, ready=True),
        shrinkage(both),
    ]
    assert all(each.value is None or 0 <= each.value <= 1 for each in shares)
    assert shrinkage(both).part + both.productive_s == both.paid_s
