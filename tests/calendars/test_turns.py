"""What is due at a time that the clock on a wall shows, on nights when it is changed too."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.calendars.turns import Rhythm, last_turn

RHYTHMS = st.sampled_from(["daily", "weekly", "monthly"])
ZONES = st.sampled_from(["Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "UTC"])


@pytest.mark.parametrize(
    ("rhythm", "minute", "at", "due", "first", "last"),
    [
        ("daily", 480, "2026-03-03T07:00", "2026-03-03T07:00", "2026-03-02", "2026-03-02"),
        ("daily", 480, "2026-03-03T06:59", "2026-03-02T07:00", "2026-03-01", "2026-03-01"),
        ("weekly", 480, "2026-03-09T07:00", "2026-03-09T07:00", "2026-03-02", "2026-03-08"),
        ("weekly", 480, "2026-03-09T06:59", "2026-03-02T07:00", "2026-02-23", "2026-03-01"),
        ("monthly", 480, "2026-03-31T12:00", "2026-03-01T07:00", "2026-02-01", "2026-02-28"),
        ("monthly", 0, "2026-03-31T22:00", "2026-03-31T22:00", "2026-03-01", "2026-03-31"),
        ("monthly", 480, "2026-01-01T06:00", "2025-12-01T07:00", "2025-11-01", "2025-11-30"),
        ("daily", 150, "2026-03-29T01:00", "2026-03-29T01:00", "2026-03-28", "2026-03-28"),
        ("daily", 150, "2026-10-25T00:30", "2026-10-25T00:30", "2026-10-24", "2026-10-24"),
        ("daily", 150, "2026-10-25T01:30", "2026-10-25T00:30", "2026-10-24", "2026-10-24"),
    ],
)
def test_the_last_turn_and_what_it_is_about(
    rhythm: Rhythm, minute: int, at: str, due: str, first: str, last: str
) -> None:
    turn = last_turn(rhythm, minute, "Europe/Rome", datetime.fromisoformat(at).replace(tzinfo=UTC))
    assert turn.due_at == datetime.fromisoformat(due).replace(tzinfo=UTC)
    assert (turn.first, turn.last) == (date.fromisoformat(first), date.fromisoformat(last))


@given(RHYTHMS, st.integers(0, 1439), ZONES, st.integers(0, 400 * 24 * 60))
def test_turns_follow_one_another_and_what_they_are_about_leaves_no_day_out(
    rhythm: Rhythm, minute: int, zone: str, after: int
) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=after)
    turn = last_turn(rhythm, minute, zone, at)
    before = last_turn(rhythm, minute, zone, turn.due_at - timedelta(microseconds=1))
    assert turn.due_at <= at
    assert before.due_at < turn.due_at
    assert before.last + timedelta(days=1) == turn.first
