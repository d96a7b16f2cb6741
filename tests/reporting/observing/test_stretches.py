from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.reporting.observing.stretches import starts_of


@pytest.mark.parametrize(
    ("zone", "at", "starts"),
    [
        ("Europe/Rome", "2026-05-04T12:59:59", ("2026-05-04T12:45", "2026-05-04T12:00", "2026-05-03T22:00", "2026-04-30T22:00")),
        ("Europe/Rome", "2026-05-03T22:00:00", ("2026-05-03T22:00", "2026-05-03T22:00", "2026-05-03T22:00", "2026-04-30T22:00")),
        ("Asia/Kolkata", "2026-05-04T12:20:00", ("2026-05-04T12:15", "2026-05-04T11:30", "2026-05-03T18:30", "2026-04-30T18:30")),
        ("Asia/Kathmandu", "2026-05-04T12:20:00", ("2026-05-04T12:15", "2026-05-04T12:15", "2026-05-03T18:15", "2026-04-30T18:15")),
    ],
)  # fmt: skip
def test_a_stretch_begins_on_the_clock_of_the_brand(zone: str, at: str, starts: tuple[str, ...]) -> None:
    found = starts_of(datetime.fromisoformat(at).replace(tzinfo=UTC), zone)
    assert list(found) == ["interval", "hour", "day", "month"]
    assert tuple(start.isoformat()[:16] for start in found.values()) == starts


def test_an_hour_that_comes_twice_is_two_hours() -> None:
    night = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    first, second = (starts_of(night + timedelta(hours=n), "Europe/Rome") for n in (0, 1))
    assert second["hour"] - first["hour"] == timedelta(hours=1)
    assert second["day"] == first["day"]


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 -- made aware below
    st.sampled_from(["Europe/Rome", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]),
)
def test_stretches_lie_in_one_another_and_hold_their_instant(wall: datetime, zone: str) -> None:
    at = wall.replace(tzinfo=UTC)
    interval, hour, day, month = starts_of(at, zone).values()
    assert month <= day <= hour <= interval <= at < interval + timedelta(minutes=15)
    assert at < hour + timedelta(hours=1)
    assert day.astimezone(ZoneInfo(zone)).date() == at.astimezone(ZoneInfo(zone)).date()
