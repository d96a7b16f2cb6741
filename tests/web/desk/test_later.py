"""What people mean by later."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portavoce.web.desk.later import moments, wall


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 26, 13, 40, tzinfo=UTC), ["2026-11-26T17:40", "2026-11-27T09:00", "2026-11-30T09:00"]),
        (datetime(2026, 11, 29, 22, 30, tzinfo=UTC), ["2026-11-30T02:30", "2026-11-30T09:00", "2026-11-30T09:00"]),
        (datetime(2026, 11, 30, 8, 0, tzinfo=UTC), ["2026-11-30T12:00", "2026-12-01T09:00", "2026-12-07T09:00"]),
    ],
)  # fmt: skip
def test_it_is_said_on_the_clock_of_the_brand(at: datetime, expected: list[str]) -> None:
    assert [value for value, _words in moments(at, "Europe/Rome")] == expected


def test_an_instant_is_written_as_a_field_takes_it() -> None:
    assert wall(datetime(2026, 7, 1, 7, 5, 59, tzinfo=UTC), "Europe/Rome") == "2026-07-01T09:05"
