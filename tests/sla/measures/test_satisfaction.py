from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.sla.measures.ratios import Ratio, percent, rounded
from portavoce.sla.measures.satisfaction import (
    Answers,
    Scale,
    answers,
    at_ease,
    margin,
    mean_margin,
    promoters,
    top_two,
)

FIVES = [5] * 50 + [4] * 30 + [3] * 10 + [2] * 6 + [1] * 4
CSAT = answers(Scale.CSAT, FIVES, asked=400)


def test_satisfaction_is_told_with_its_number_rate_and_margin() -> None:
    assert top_two(CSAT) == Ratio(80, 100)
    assert CSAT.mean == Ratio(416, 100)
    assert (CSAT.n, CSAT.response_rate) == (100, Ratio(100, 400))
    assert margin(top_two(CSAT)) == Decimal("0.0777311161")
    assert mean_margin(CSAT) == Decimal("0.2134708184")


def test_a_unanimous_answer_is_not_certain_and_none_is_no_data() -> None:
    assert margin(Ratio(30, 30)) == margin(Ratio(0, 30)) == Decimal("0.0567566966")
    assert margin(Ratio(0, 0)) is None
    assert mean_margin(answers(Scale.CSAT, [5], asked=1)) is None
    assert top_two(answers(Scale.CSAT, [], asked=20)).value is None


@pytest.mark.parametrize(("n", "enough"), [(29, False), (30, True)])
def test_a_figure_is_shown_from_thirty_answers_on(n: int, enough: bool) -> None:
    assert answers(Scale.CSAT, [5] * n, asked=100).enough is enough


def test_recommendation_is_exact_and_shown_as_a_signed_whole() -> None:
    nps = answers(Scale.NPS, [10, 9, 8, 7, 6, 0, 0], asked=7)
    value = promoters(nps).value
    assert value == Fraction(-1, 7)
    assert rounded(value * 100) == -14
    assert promoters(answers(Scale.NPS, [0] * 3, asked=3)).value == -1
    assert promoters(answers(Scale.NPS, [9, 10], asked=3)).value == 1


def test_effort_is_a_mean_or_the_share_for_whom_it_was_easy() -> None:
    ces = answers(Scale.CES, [7, 5, 4, 1], asked=9)
    assert ces.mean == Ratio(17, 4)
    assert percent(at_ease(ces).value) == Decimal("50.00")


@pytest.mark.parametrize(
    ("scale", "score"), [(Scale.CSAT, 0), (Scale.CSAT, 6), (Scale.NPS, 11), (Scale.NPS, -1), (Scale.CES, 0)]
)
def test_a_score_off_its_scale_is_refused(scale: Scale, score: int) -> None:
    with pytest.raises(ValueError):
        answers(scale, [score], asked=1)


def test_more_answers_than_questions_two_scales_and_the_wrong_scale_are_refused() -> None:
    nps = answers(Scale.NPS, [9], asked=1)
    for wrong in (lambda: answers(Scale.CSAT, [5, 5], asked=1), lambda: CSAT + nps, lambda: top_two(nps)):
        with pytest.raises(ValueError):
            wrong()


SCORES = st.lists(st.integers(0, 10), max_size=20)


@given(SCORES, SCORES)
def test_answers_in_batches_are_all_answers(some: list[int], others: list[int]) -> None:
    both = answers(Scale.NPS, some, len(some)) + answers(Scale.NPS, others, len(others) + 1)
    everything = some + others
    assert both == answers(Scale.NPS, reversed(everything), len(everything) + 1)
    good, bad = sum(s >= 9 for s in everything), sum(s <= 6 for s in everything)
    assert promoters(both) == Ratio(good - bad, len(everything))


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_margin_solves_the_equation_of_the_interval(share: tuple[int, int]) -> None:
    good, n = share
    half = margin(Ratio(good, n))
    assert half is not None
    assert 0 < half < Decimal("0.5")
    assert half == margin(Ratio(n - good, n))
    z, p = Fraction(Decimal("1.959963984540054")), Fraction(good, n)
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    for edge in (centre - Fraction(half), centre + Fraction(half)):
        assert abs((edge - p) ** 2 - z * z * edge * (1 - edge) / n) < Fraction(1, 10**8)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=12))
def test_more_of_the_same_answers_never_widen_the_margin(scores: list[int]) -> None:
    once, twice = answers(Scale.CSAT, scores, 80), answers(Scale.CSAT, scores * 2, 80)
    narrow, wide = margin(top_two(twice)), margin(top_two(once))
    assert narrow is not None
    assert wide is not None
    assert narrow <= wide
    assert (mean_margin(twice) or 0) <= (mean_margin(once) or Decimal(9))


def test_an_empty_scale_survives_being_added() -> None:
    assert Answers(Scale.CSAT) + CSAT == CSAT
