from datetime import timedelta
from itertools import pairwise
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.sla.measures.queueing import Destination, End, Segment, Tally, tally
from portavoce.sla.measures.waits import waits
from tests.sla.measures.queues import ABANDONED_S, ANSWERED_S, BY_HAND, EVENING, NINE, SEGMENTS, call

SECOND = timedelta(seconds=1)


def test_the_list_made_by_hand_is_counted() -> None:
    assert tally(BY_HAND, EVENING) == Tally(
        answered=waits(ANSWERED_S),
        abandoned=waits(ABANDONED_S),
        dropped=waits([12]),
        flowed_out={Destination.CALLBACK: 1, Destination.OVERFLOW: 1},
        answered_on={"first": 5, "second": 3},
        waiting=1,
    )


def test_a_part_of_a_second_is_not_counted() -> None:
    entered = NINE + timedelta(microseconds=700_000)
    assert Segment(entered, NINE + 21 * SECOND, End.ANSWERED).wait_s == 20
    assert Segment(entered, entered + 20 * SECOND, End.ANSWERED).wait_s == 20
    assert Segment(entered).wait_s is None


def test_what_ends_later_still_waits_and_what_enters_later_is_not_there() -> None:
    late = call(30, End.ANSWERED)
    assert tally([late], NINE + 29 * SECOND) == Tally(waiting=1)
    assert tally([late], NINE + 30 * SECOND) == Tally(answered=waits([30]))
    assert tally([late], NINE - SECOND) == Tally()


@pytest.mark.parametrize(
    ("ended_s", "end", "to"),
    [
        (None, End.ANSWERED, None),
        (5, None, None),
        (5, End.FLOWED_OUT, None),
        (5, End.ANSWERED, Destination.QUEUE),
        (-1, End.ABANDONED, None),
    ],
)
def test_a_segment_has_exactly_one_end(ended_s: int | None, end: End | None, to: Destination | None) -> None:
    ended = None if ended_s is None else NINE + ended_s * SECOND
    with pytest.raises(ValueError):
        Segment(NINE, ended, end, to)


@given(SEGMENTS, st.lists(st.integers(0, 14), max_size=3), st.randoms(use_true_random=False))
def test_any_batches_in_any_order_tally_as_all_at_once(
    segments: list[Segment], cuts: list[int], random: Random
) -> None:
    mixed = random.sample(segments, len(segments))
    edges = [0, *sorted(min(cut, len(mixed)) for cut in cuts), len(mixed)]
    parts = [tally(mixed[a:b], EVENING) for a, b in pairwise(edges)]
    random.shuffle(parts)
    assert sum(parts, Tally()) == tally(segments, EVENING)


@given(SEGMENTS, st.integers(0, 6 * 3_600))
def test_every_segment_is_counted_once_whenever_one_looks(segments: list[Segment], later_s: int) -> None:
    as_of = NINE + later_s * SECOND
    found = tally(segments, as_of)
    counted = found.offered + found.dropped.n + found.flows + found.waiting
    assert counted == sum(each.queue_enter_at <= as_of for each in segments)


@given(SEGMENTS)
def test_a_tally_survives_being_stored(segments: list[Segment]) -> None:
    found = tally(segments, EVENING)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Tally) == found
