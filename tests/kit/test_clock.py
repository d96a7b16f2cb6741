from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portavoce.kit.clock import SteppedClock, SystemClock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_system_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_stepped_clock_stands_still_until_told() -> None:
    clock = SteppedClock(NOON)
    assert clock.now() == clock.now() == NOON


def test_a_stepped_clock_advances_by_a_length_of_time() -> None:
    clock = SteppedClock(NOON)
    assert clock.advance(timedelta(minutes=5)) == clock.now() == NOON + timedelta(minutes=5)


def test_a_stepped_clock_moves_to_an_instant_of_any_zone_and_answers_in_utc() -> None:
    clock = SteppedClock(NOON)
    clock.move_to(datetime(2026, 3, 2, 14, tzinfo=ZoneInfo("Europe/Rome")))
    assert clock.now().isoformat() == "2026-03-02T13:00:00+00:00"


def test_a_stepped_clock_may_be_moved_back() -> None:
    assert SteppedClock(NOON).move_to(NOON - timedelta(days=1)) < NOON


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        SteppedClock(NOON.replace(tzinfo=None))
