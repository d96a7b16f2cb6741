"""A day by intervals: every quarter of it, on nights when the clock is changed too, and in sum what the day's report says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.core.db import Database
from portavoce.core.unit import now
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.counts import Counts
from portavoce.reporting.facts import Anchor
from portavoce.reporting.intervals import (
    Interval,
    Measured,
    add_up,
    bounds_of,
    in_steps,
    read_quarters_of,
    starts_in,
    sums_of_day,
)
from portavoce.reporting.observing.stretches import starts_of
from portavoce.reporting.sums import read_sums, report_head
from tests.database import NOON
from tests.minting import Minted
from tests.reporting.reading import counting, reading
from tests.reporting.telling import Contact, tell

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROME = "Europe/Rome"
ZONES = ["Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo", "UTC"]
LINE = Measured(UUID(int=1), "email", "contact", UUID(int=0))


@pytest.mark.parametrize(
    ("zone", "day", "quarters", "halves"),
    [
        ("Europe/Rome", "2026-03-02", 96, 48),
        ("Europe/Rome", "2026-03-29", 92, 46),
        ("Europe/Rome", "2026-10-25", 100, 50),
        ("Australia/Lord_Howe", "2026-04-05", 98, 49),
        ("Australia/Lord_Howe", "2026-10-04", 94, 47),
        ("Asia/Kolkata", "2026-10-25", 96, 48),
        ("Africa/Cairo", "2026-04-24", 92, 46),
    ],
)
def test_a_day_has_the_quarters_it_lasts(zone: str, day: str, quarters: int, halves: int) -> None:
    found = {minutes: starts_in(date.fromisoformat(day), zone, minutes) for minutes in (15, 30)}
    assert (len(found[15]), len(found[30])) == (quarters, halves)
    assert found[15][0] == found[30][0] == bounds_of(date.fromisoformat(day), zone)[0]


@given(st.integers(0, 365 * 24 * 60), st.sampled_from(ZONES))
def test_every_instant_is_in_an_interval_of_its_day(minute: int, zone: str) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    starts = starts_of(at, zone)
    day = starts["day"] + 12 * HOUR
    assert starts["interval"] in starts_in(day.astimezone(ZoneInfo(zone)).date(), zone, 15)


@given(
    st.lists(st.integers(0, 24 * 4 - 1), max_size=30),
    st.sampled_from(ZONES),
    st.sampled_from([date(2026, 3, 29), date(2026, 10, 25), date(2026, 5, 4)]),
)
def test_halves_come_to_what_quarters_come_to_and_leave_no_interval_out(
    places: list[int], zone: str, day: date
) -> None:
    starts = starts_in(day, zone, 15)
    quarters = [Interval(starts[each % len(starts)], LINE, Counts(units=1, used_s=each)) for each in places]
    for minutes in (15, 30):
        found = in_steps(quarters, day, zone, minutes)
        assert add_up(found) == add_up(quarters)
        assert [each.starts_at for each in found] == (starts_in(day, zone, minutes) if places else [])


def test_the_hour_that_comes_twice_is_told_twice() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    quarters = [Interval(first + n * HOUR, LINE, Counts(units=n + 1)) for n in (0, 1)]
    found = {each.starts_at: each.counts.units for each in in_steps(quarters, date(2026, 10, 25), ROME, 30)}
    assert (found[first], found[first + HOUR]) == (1, 2)


async def read_day(database: Database, brand: Minted, day: date) -> tuple[Sequence[Interval], object]:
    async with reading(database, brand) as db:
        anchor = Anchor(await report_head(db), b"", now(db))
        quarters = await read_quarters_of(db, ROME, day, anchor.at)
        return quarters, sums_of_day(await read_sums(db, ROME, bounds_of(day, ROME), anchor))


async def test_the_intervals_of_a_day_come_to_the_days_report_to_the_unit(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + 3 * DAY)
    dice = Random(5)
    openings = [NOON + dice.random() * 2 * DAY for _ in range(40)]
    await tell(
        ledger,
        aurora,
        *[Contact(each, each + dice.random() * DAY if dice.random() < 0.6 else None) for each in openings],
    )
    for day in (2, 3, 4):
        quarters, whole = await read_day(ledger, aurora, date(2026, 3, day))
        assert add_up(quarters) == whole
        assert quarters
    assert sum(each.counts.overdue for each in quarters) > 0


async def test_a_day_takes_two_queries(ledger: Database, aurora: Minted, clock: SteppedClock) -> None:
    clock.move_to(NOON + DAY)
    await tell(ledger, aurora, *[Contact(NOON + n * HOUR) for n in range(3)])
    async with reading(ledger, aurora) as db:
        with counting(ledger) as statements:
            await read_quarters_of(db, ROME, date(2026, 3, 2), now(db))
    assert len(statements) == 2
