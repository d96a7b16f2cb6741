from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.sla.goals import (
    Direction,
    Goal,
    Statistic,
    Verdict,
    figure_of,
    missed_by,
    shown,
    unit_of,
    verdict,
)
from portavoce.sla.measures.waits import Waits, waits
from portavoce.sla.metrics import Metric, Unit

EIGHTY = Goal(Statistic.SHARE_WITHIN, Direction.AT_LEAST, Decimal("0.80"))
AT_MOST_150 = Goal(Statistic.MEAN, Direction.AT_MOST, Decimal(150))


@pytest.mark.parametrize(
    ("goal", "value", "expected"),
    [
        (EIGHTY, Fraction(80, 100), Verdict.MET),
        (EIGHTY, Fraction(79996, 100_000), Verdict.MISSED),
        (EIGHTY, Fraction(1), Verdict.MET),
        (EIGHTY, None, Verdict.NO_DATA),
        (AT_MOST_150, Fraction(150), Verdict.MET),
        (AT_MOST_150, Fraction(150_001, 1000), Verdict.MISSED),
        (AT_MOST_150, Fraction(0), Verdict.MET),
    ],
)
def test_the_exact_figure_is_judged_and_the_target_itself_is_kept(
    goal: Goal, value: Fraction | None, expected: Verdict
) -> None:
    assert verdict(goal, value) is expected


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(79996, 1000), 1, "79.996"),
        (Fraction(79996, 1000), 2, "79.996"),
        (Fraction(80), 1, "80.0"),
        (Fraction(774, 10), 1, "77.4"),
        (Fraction(80004, 1000), 2, "80.004"),
        (Fraction(80) - Fraction(1, 10**9), 1, "80.000000"),
    ],
)
def test_a_miss_is_not_shown_as_the_target(value: Fraction, places: int, text: str) -> None:
    assert str(shown(value, places, beside=Decimal(80))) == text


@pytest.mark.parametrize(
    ("statistic", "target", "rank"),
    [
        (Statistic.PERCENTILE, "60", None),
        (Statistic.MEAN, "60", 9000),
        (Statistic.PERCENTILE, "60", 0),
        (Statistic.PERCENTILE, "60", 10_001),
        (Statistic.MEAN, "NaN", None),
    ],
)
def test_a_goal_that_means_nothing_is_refused(statistic: Statistic, target: str, rank: int | None) -> None:
    with pytest.raises(ValueError):
        Goal(statistic, Direction.AT_MOST, Decimal(target), rank)


def test_a_figure_of_durations_is_a_share_a_mean_or_the_one_at_a_rank() -> None:
    some = waits([10, 20, 30, 300])
    ninth = Goal(Statistic.PERCENTILE, Direction.AT_MOST, Decimal(60), 9000)
    figures = [figure_of(goal, some, 20) for goal in (EIGHTY, AT_MOST_150, ninth)]
    assert figures == [Fraction(1, 2), Fraction(90), Fraction(300)]
    assert all(figure_of(goal, Waits(), 20) is None for goal in (EIGHTY, AT_MOST_150, ninth))


def test_a_share_is_a_share_of_whatever_the_metric_counts_in() -> None:
    assert unit_of(Metric.FIRST_RESPONSE, Statistic.SHARE_WITHIN) is Unit.SHARE
    assert unit_of(Metric.FIRST_RESPONSE, Statistic.PERCENTILE) is Unit.SECONDS
    assert unit_of(Metric.SATISFACTION, Statistic.MEAN) is Unit.SCORE


@given(
    st.decimals(0, 500, places=3),
    st.fractions(0, 500, max_denominator=997),
    st.sampled_from(Direction),
)
def test_exactly_one_direction_is_met_unless_the_figure_is_the_target(
    target: Decimal, value: Fraction, direction: Direction
) -> None:
    goal = Goal(Statistic.MEAN, direction, target)
    other = Goal(Statistic.MEAN, next(each for each in Direction if each is not direction), target)
    met = [verdict(each, value) is Verdict.MET for each in (goal, other)]
    assert met.count(True) == (2 if value == Fraction(target) else 1)
    assert missed_by(goal, value) == -missed_by(other, value)
    assert msgspec.json.decode(msgspec.json.encode(goal), type=Goal) == goal
