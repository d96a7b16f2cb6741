from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.sla.forecast import (
    Change,
    Outlook,
    Price,
    Progress,
    Reach,
    expected_rest,
    outlook,
    price,
)
from portavoce.sla.goals import Direction, Goal, Statistic, Verdict, verdict
from portavoce.sla.measures.ratios import percent
from portavoce.sla.schemes import PerBreach, Reading, Scheme, Steps, outcome

BASE = 48_750_00
EIGHTY = Goal(Statistic.SHARE_WITHIN, Direction.AT_LEAST, Decimal("0.80"))
FIVE = Goal(Statistic.SHARE_WITHIN, Direction.AT_MOST, Decimal("0.05"))
POINT = Steps(Decimal("0.01"), Decimal(1))
SCHEME = Scheme(malus=(POINT,), bonus=(Steps(Decimal("0.05"), Decimal(1)),))


def test_a_month_in_its_middle() -> None:
    so_far = Progress(counted=564, decided=750, running=10, rest=240)
    found = outlook(EIGHTY, so_far)
    assert found == Outlook(
        lowest=Fraction(564, 1000),
        expected=Fraction(752, 1000),
        highest=Fraction(814, 1000),
        counted=752,
        reach=Reach.OPEN,
        needed=236,
        needed_share=Fraction(236, 250),
    )
    assert percent(found.needed_share, 1) == Decimal("94.4")
    assert price(BASE, EIGHTY, SCHEME, so_far) == Price(
        cents=4 * 487_50, better=Change(9, 3 * 487_50), worse=Change(2, 5 * 487_50)
    )


def test_it_needs_so_many_per_cent_of_the_rest() -> None:
    found = outlook(EIGHTY, Progress(counted=2_110, decided=2_750, running=0, rest=1_250))
    assert (found.needed, percent(found.needed_share, 1)) == (1_090, Decimal("87.2"))


def test_the_expected_month_of_a_share_that_should_be_small() -> None:
    so_far = Progress(counted=45, decided=750, running=0, rest=250)
    found = outlook(FIVE, so_far)
    assert (found.expected, found.counted, found.reach) == (Fraction(60, 1000), 60, Reach.OPEN)
    assert (found.needed, found.needed_share) == (5, Fraction(5, 250))
    assert price(BASE, FIVE, SCHEME, so_far) == Price(487_50, Change(1, 0), Change(10, 2 * 487_50))


@pytest.mark.parametrize(
    ("goal", "progress", "reach", "needed"),
    [
        (EIGHTY, Progress(80, 100), Reach.SAFE, 0),
        (EIGHTY, Progress(79, 100), Reach.LOST, None),
        (EIGHTY, Progress(80, 90, rest=10), Reach.SAFE, 0),
        (EIGHTY, Progress(70, 90, running=10), Reach.OPEN, 10),
        (EIGHTY, Progress(69, 90, running=10), Reach.LOST, None),
        (EIGHTY, Progress(0, 0, rest=10), Reach.OPEN, 8),
        (FIVE, Progress(6, 90, rest=10), Reach.LOST, None),
        (FIVE, Progress(5, 90, rest=10), Reach.OPEN, 0),
        (FIVE, Progress(0, 96, rest=4), Reach.SAFE, 4),
        (FIVE, Progress(5, 100), Reach.SAFE, 0),
    ],
)
def test_what_is_safe_and_what_is_lost_is_known_before_the_end(
    goal: Goal, progress: Progress, reach: Reach, needed: int | None
) -> None:
    found = outlook(goal, progress)
    assert (found.reach, found.needed) == (reach, needed)


def test_a_finished_month_has_one_figure_and_no_change() -> None:
    done = Progress(774, 1000)
    found = outlook(EIGHTY, done)
    assert found.lowest == found.expected == found.highest == Fraction(774, 1000)
    assert found.needed_share is None
    assert price(BASE, EIGHTY, SCHEME, done) == Price(2 * 487_50, None, None)


def test_nothing_is_no_data_and_nothing_decided_has_no_rate_but_the_one_given() -> None:
    nothing, open_only = Progress(0, 0), Progress(0, 0, rest=10)
    assert outlook(EIGHTY, nothing) == Outlook(None, None, None, None, Reach.OPEN, None, None)
    assert price(BASE, EIGHTY, SCHEME, nothing) is None
    assert outlook(EIGHTY, open_only).expected is None
    assert price(BASE, EIGHTY, SCHEME, open_only) is None
    assert outlook(EIGHTY, open_only, Fraction(9, 10)).expected == Fraction(9, 10)


def test_each_late_contact_may_have_its_own_price() -> None:
    found = price(BASE, EIGHTY, Scheme(malus=(PerBreach(25_00, tolerated=2),)), Progress(5, 9, running=9))
    assert found == Price(6 * 25_00, Change(1, 5 * 25_00), Change(1, 7 * 25_00))


@pytest.mark.parametrize(
    ("received", "open_s", "left_s", "rest"),
    [(300, 3_600, 1_800, 150), (3, 3_600, 600, 1), (2, 3_600, 600, 0), (0, 10, 10, 0), (5, 0, 10, None)],
)
def test_the_rest_is_expected_at_the_rate_so_far(
    received: int, open_s: int, left_s: int, rest: int | None
) -> None:
    assert expected_rest(received, open_s=open_s, left_s=left_s) == rest


@pytest.mark.parametrize("rate", [Fraction(-1, 10), Fraction(11, 10)])
def test_a_rate_that_is_no_share_is_refused(rate: Fraction) -> None:
    with pytest.raises(ValueError):
        outlook(EIGHTY, Progress(1, 2, rest=1), rate)


@pytest.mark.parametrize("wrong", [(2, 1, 0, 0), (-1, 1, 0, 0), (0, 0, -1, 0), (0, 0, 0, -1)])
def test_progress_that_cannot_be_is_refused(wrong: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError):
        Progress(*wrong)


PROGRESS = st.builds(
    lambda counted, others, running, rest: Progress(counted, counted + others, running, rest),
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(0, 10),
    st.integers(0, 15),
)
GOALS = st.builds(
    Goal, st.just(Statistic.SHARE_WITHIN), st.sampled_from(Direction), st.decimals(0, 1, places=2)
)


@given(GOALS, PROGRESS)
def test_the_outlook_agrees_with_trying_every_end(goal: Goal, progress: Progress) -> None:
    if not progress.total:
        return
    ends = [Fraction(progress.counted + k, progress.total) for k in range(progress.left + 1)]
    met = [k for k, end in enumerate(ends) if verdict(goal, end) is Verdict.MET]
    found = outlook(goal, progress)
    assert (found.lowest, found.highest) == (ends[0], ends[-1])
    assert found.expected is None or found.expected in ends
    assert found.reach is (Reach.LOST if not met else Reach.SAFE if len(met) == len(ends) else Reach.OPEN)
    at_least = goal.direction is Direction.AT_LEAST
    assert found.needed == ((met[0] if at_least else met[-1]) if met else None)


@given(GOALS, PROGRESS, st.integers(0, 10**8))
def test_the_nearest_change_agrees_with_trying_every_end(goal: Goal, progress: Progress, base: int) -> None:
    scheme = Scheme(malus=(POINT, PerBreach(7, tolerated=40)), bonus=(Steps(Decimal("0.02"), Decimal(1)),))
    found, counted = price(base, goal, scheme, progress), outlook(goal, progress).counted
    assert (found is None) is (counted is None)
    if found is None or counted is None:
        return
    up = goal.direction is Direction.AT_LEAST

    def cents_at(k: int) -> int:
        bad = progress.total - k if up else k
        result = outcome(base, goal, scheme, Reading(Fraction(k, progress.total), bad))
        return result.credit.computed - result.bonus.computed

    ends = {k: cents_at(k) for k in range(progress.counted, progress.counted + progress.left + 1)}
    cheaper = [(abs(k - counted), cents) for k, cents in ends.items() if cents < ends[counted]]
    dearer = [(abs(k - counted), cents) for k, cents in ends.items() if cents > ends[counted]]
    assert found.cents == ends[counted]
    assert found.better == (Change(*min(cheaper)) if cheaper else None)
    assert found.worse == (Change(*min(dearer)) if dearer else None)
