from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.sla.measures.queueing import Segment, Tally, tally
from portavoce.sla.measures.ratios import Ratio, percent
from portavoce.sla.measures.service_level import Counts, SlVariant, counts, service_level
from tests.sla.measures.queues import BY_HAND, EVENING, SEGMENTS, S, T, naive_level

ICMI = Counts(
    answered=1000, abandoned=60, answered_within=860, abandoned_within=20, abandoned_short=10
)  # fmt: skip


@pytest.mark.parametrize(
    ("variant", "published"),
    [
        (SlVariant.SL_OFFERED, "81.13"),
        (SlVariant.SL_ANSWERED, "86.00"),
        (SlVariant.SL_EXCL_AB_T, "82.69"),
        (SlVariant.SL_AB_GOOD, "83.02"),
        (SlVariant.SL_EXCL_SHORT, "81.90"),
        (SlVariant.SL_SHORT_GOOD, "82.08"),
    ],
)
def test_the_published_vector_comes_out(variant: SlVariant, published: str) -> None:
    assert percent(service_level(ICMI, variant).value) == Decimal(published)


@pytest.mark.parametrize(
    ("variant", "part", "whole"),
    [
        (SlVariant.SL_OFFERED, 6, 14),
        (SlVariant.SL_ANSWERED, 6, 8),
        (SlVariant.SL_EXCL_AB_T, 6, 9),
        (SlVariant.SL_AB_GOOD, 11, 14),
        (SlVariant.SL_EXCL_SHORT, 6, 12),
        (SlVariant.SL_SHORT_GOOD, 8, 14),
        (SlVariant.SL_OFFERED_FLOW, 6, 16),
        (SlVariant.SL_ANSWERED_FLOW, 6, 10),
        (SlVariant.SL_EXCL_AB_T_FLOW, 6, 11),
        (SlVariant.SL_AB_GOOD_FLOW, 11, 16),
        (SlVariant.SL_EXCL_SHORT_FLOW, 6, 14),
        (SlVariant.SL_SHORT_GOOD_FLOW, 8, 16),
    ],
)
def test_the_list_made_by_hand_comes_out_in_every_variant(variant: SlVariant, part: int, whole: int) -> None:
    numbers = counts(tally(BY_HAND, EVENING), threshold_s=T, short_s=S)
    assert service_level(numbers, variant) == Ratio(part, whole)


def test_what_the_system_dropped_is_abandoned_only_where_agreed() -> None:
    numbers = counts(tally(BY_HAND, EVENING), threshold_s=T, short_s=S, drops_abandoned=True)
    assert numbers == Counts(8, 7, 6, 6, 2, flowed_out=2)


@pytest.mark.parametrize("variant", SlVariant)
def test_no_contacts_are_no_data_in_every_variant(variant: SlVariant) -> None:
    assert service_level(counts(Tally(), threshold_s=T, short_s=S), variant).value is None


def test_only_short_abandons_are_no_data_where_these_do_not_count() -> None:
    numbers = Counts(0, 3, 0, 3, 3)
    assert service_level(numbers, SlVariant.SL_EXCL_SHORT).value is None
    assert service_level(numbers, SlVariant.SL_OFFERED).value == 0


@given(SEGMENTS, st.sampled_from(SlVariant), st.integers(0, 60), st.integers(0, 60))
def test_every_variant_agrees_with_judging_call_by_call(
    segments: list[Segment], variant: SlVariant, threshold: int, short: int
) -> None:
    numbers = counts(tally(segments, EVENING), threshold_s=threshold, short_s=short)
    level = service_level(numbers, variant).value
    assert level == naive_level(segments, variant, threshold, short)
    assert level is None or 0 <= level <= 1


@given(SEGMENTS, st.sampled_from(SlVariant), st.integers(0, 60), st.randoms(use_true_random=False))
def test_a_longer_threshold_and_another_order_never_lower_the_level(
    segments: list[Segment], variant: SlVariant, threshold: int, random: Random
) -> None:
    mixed = random.sample(segments, len(segments))
    level, longer = (
        service_level(counts(tally(each, EVENING), threshold_s=at, short_s=S), variant).value
        for each, at in ((segments, threshold), (mixed, threshold + 1))
    )
    assert level is None or longer is None or level <= longer
