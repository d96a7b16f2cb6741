from fractions import Fraction

import pytest
from hypothesis import given

from portavoce.sla.measures.answering import (
    AbandonVariant,
    WaitVariant,
    abandonment,
    mean_wait_s,
    waits_of,
)
from portavoce.sla.measures.queueing import End, Segment, Tally, tally
from portavoce.sla.measures.ratios import Ratio
from portavoce.sla.measures.service_level import Counts, counts
from tests.sla.measures.queues import BY_HAND, EVENING, SEGMENTS, S, T, call, waited

HAND = tally(BY_HAND, EVENING)
MENU_S = {"first": 10, "second": 30}


@pytest.mark.parametrize(
    ("variant", "part", "whole"),
    [
        (WaitVariant.ASA, 120, 8),
        (WaitVariant.WAIT_ALL, 195, 14),
        (WaitVariant.TIME_TO_ABANDON, 75, 6),
        (WaitVariant.AGCOM_MAT, 120 + 5 * 10 + 3 * 30, 8),
    ],
)
def test_the_mean_waits_of_the_list_made_by_hand(variant: WaitVariant, part: int, whole: int) -> None:
    assert mean_wait_s(HAND, variant, MENU_S) == Ratio(part, whole)


@pytest.mark.parametrize(("answered_only", "longest", "p50", "p90"), [(True, 45, 6, 45), (False, 45, 6, 21)])
def test_the_longest_wait_and_the_percentiles(answered_only: bool, longest: int, p50: int, p90: int) -> None:
    found = waits_of(HAND, answered_only=answered_only)
    assert (found.longest_s, found.percentile_s(5000), found.percentile_s(9000)) == (longest, p50, p90)


@pytest.mark.parametrize(
    ("variant", "part", "whole"),
    [(AbandonVariant.AB_GROSS, 6, 14), (AbandonVariant.AB_FLOW, 6, 16), (AbandonVariant.AB_NET, 4, 12)],
)
def test_abandonment_of_the_list_made_by_hand(variant: AbandonVariant, part: int, whole: int) -> None:
    assert abandonment(counts(HAND, threshold_s=T, short_s=S), variant) == Ratio(part, whole)


@pytest.mark.parametrize("variant", AbandonVariant)
def test_nobody_there_is_no_abandonment_and_no_data(variant: AbandonVariant) -> None:
    assert abandonment(Counts(0, 0, 0, 0, 0), variant).value is None


def test_a_mean_with_the_menu_needs_the_number_of_every_call_and_its_way() -> None:
    with pytest.raises(ValueError):
        mean_wait_s(tally([call(3, End.ANSWERED)], EVENING), WaitVariant.AGCOM_MAT, MENU_S)
    with pytest.raises(KeyError):
        mean_wait_s(HAND, WaitVariant.AGCOM_MAT, {"first": 10})


def test_no_answers_are_no_mean_wait() -> None:
    assert all(mean_wait_s(Tally(), variant).value is None for variant in WaitVariant)


@given(SEGMENTS)
def test_the_waits_agree_with_a_list_of_the_calls(segments: list[Segment]) -> None:
    found = tally(segments, EVENING)
    answered, both = waited(segments, End.ANSWERED), waited(segments, End.ANSWERED, End.ABANDONED)
    assert mean_wait_s(found, WaitVariant.ASA) == Ratio(sum(answered), len(answered))
    assert mean_wait_s(found, WaitVariant.WAIT_ALL) == Ratio(sum(both), len(both))
    assert waits_of(found, answered_only=False).longest_s == (both[-1] if both else None)
    menu = [MENU_S[each.number] for each in segments if each.end is End.ANSWERED]
    assert mean_wait_s(found, WaitVariant.AGCOM_MAT, MENU_S).part == sum(answered) + sum(menu)


@given(SEGMENTS)
def test_short_abandons_and_flow_outs_only_ever_lower_abandonment(segments: list[Segment]) -> None:
    numbers = counts(tally(segments, EVENING), threshold_s=T, short_s=S)
    gross, flow, net = (abandonment(numbers, variant).value for variant in AbandonVariant)
    assert gross is None or (flow is not None and 0 <= flow <= gross <= 1)
    assert net is None or Fraction(0) <= net <= (gross or 0)
