from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.kit.clock import SteppedClock, SystemClock
from portavoce.kit.ids import EPOCH, IdSource, SeededClock, at, uuid7

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=150_000)).map(lambda since: EPOCH + since)


@given(INSTANTS)
def test_an_id_is_a_uuid_of_version_7_and_tells_its_millisecond(instant: datetime) -> None:
    made = uuid7(SteppedClock(instant))
    assert (made.version, made.variant) == (7, uuid4().variant)
    assert timedelta(0) <= instant - at(made) < timedelta(milliseconds=1)


def test_the_bits_lie_as_in_the_example_of_rfc_9562_but_for_the_first_random_one() -> None:
    tail = 0x4C3 << 62 | 0x18C4DC0C0C07398F
    source = IdSource(lambda size: (tail << 7).to_bytes(size, "big"))
    made = source.draw(datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC))
    assert made == UUID("017f22e2-79b0-74c3-98c4-dc0c0c07398f")


@given(st.lists(st.integers(0, 3), min_size=2, max_size=50))
def test_ids_rise_while_the_clock_does_not_go_back(steps_ms: list[int]) -> None:
    clock = SteppedClock(NOON)
    made = []
    for step in steps_ms:
        clock.advance(timedelta(milliseconds=step))
        made.append(uuid7(clock))
    assert made == sorted(set(made))


def test_ids_of_one_millisecond_rise_even_from_the_highest_tail() -> None:
    source = IdSource(lambda size: b"\xff" * size)
    made = [source.draw(NOON) for _ in range(1000)]
    assert made == sorted(set(made))
    assert {at(each) for each in made} == {NOON}


def test_a_simulated_past_is_not_dragged_into_the_present() -> None:
    uuid7(SystemClock())
    assert at(uuid7(SteppedClock(NOON))) == NOON


def test_the_same_seed_makes_the_same_ids_whatever_else_was_made() -> None:
    first, second = SeededClock(NOON, 7), SeededClock(NOON, 7)
    made = [uuid7(first) for _ in range(5)]
    uuid7(SystemClock())
    assert made == [uuid7(second) for _ in range(5)]
    assert made[0] != uuid7(SeededClock(NOON, 8))


def test_an_instant_before_1970_has_no_id() -> None:
    with pytest.raises(ValueError, match="no UUIDv7"):
        uuid7(SteppedClock(datetime(1969, 12, 31, tzinfo=UTC)))


def test_only_version_7_tells_its_instant() -> None:
    with pytest.raises(ValueError, match="not a UUIDv7"):
        at(uuid4())
