from datetime import timedelta
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from portavoce.sla.measures.calls import Step, queue_segments
from portavoce.sla.measures.queueing import Destination, End, Segment
from tests.sla.measures.queues import NINE

ONE, TWO = UUID(int=1), UUID(int=2)
KINDS = ("queued", "answered", "abandoned", "flowed_out", "dropped", "hung_up")


def at(second: int) -> timedelta:
    return timedelta(seconds=second)


def step(n: int, kind: str, second: int, of: UUID = ONE, number: str = "") -> Step:
    to = Destination.QUEUE if kind == "flowed_out" else None
    return Step(n, f"call.{kind}", of, NINE + at(second), to, number)


def test_a_call_waits_in_one_queue_after_the_other() -> None:
    steps = [
        step(1, "queued", 0, number="800"),
        step(2, "flowed_out", 30),
        step(3, "queued", 30),
        step(4, "answered", 42),
    ]
    assert queue_segments(steps)[ONE] == (
        Segment(NINE, NINE + at(30), End.FLOWED_OUT, Destination.QUEUE, "800"),
        Segment(NINE + at(30), NINE + at(42), End.ANSWERED),
    )


def test_the_first_end_counts_and_an_end_without_entry_does_not() -> None:
    steps = [step(1, "answered", 0), step(2, "queued", 1), step(3, "abandoned", 5), step(4, "answered", 9)]
    assert queue_segments(steps) == {ONE: (Segment(NINE + at(1), NINE + at(5), End.ABANDONED),)}


def test_who_is_queued_twice_waits_since_the_first_time_and_still() -> None:
    assert queue_segments([step(1, "queued", 0), step(2, "queued", 9)]) == {ONE: (Segment(NINE),)}


STEPS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 20), st.sampled_from((ONE, TWO))), max_size=10
).map(lambda rows: [step(n, *row) for n, row in enumerate(rows)])


@given(STEPS, st.randoms(use_true_random=False))
def test_shuffled_and_repeated_facts_change_nothing(steps: list[Step], random: Random) -> None:
    again = random.choices(steps, k=len(steps)) + steps if steps else []
    random.shuffle(again)
    assert queue_segments(again) == queue_segments(steps)


@given(STEPS)
def test_only_the_last_wait_of_a_call_has_no_end(steps: list[Step]) -> None:
    for segments in queue_segments(steps).values():
        assert all(each.end is not None for each in segments[:-1])
        assert len(segments) <= sum(each.kind == "call.queued" for each in steps)
