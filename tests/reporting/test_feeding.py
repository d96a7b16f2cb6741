"""Each night one file of each kind for the last day, and a new one for every earlier day that was told otherwise since."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from portavoce.core.db import Database
from portavoce.core.storage import Storage
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.feed_format import FeedRow, read_json_lines
from portavoce.reporting.feeding import feed, feed_when_due
from portavoce.reporting.feeds import FeedFile, file_of_feed, list_feeds
from portavoce.reporting.models import Tally
from tests.database import NOON
from tests.minting import Minted, mint_brand
from tests.reporting.reading import report
from tests.reporting.telling import Contact, answer, tell

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROME = ZoneInfo("Europe/Rome")


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path)


async def files(database: Database, brand: Minted) -> list[FeedFile]:
    async with database.begin(brand.reading) as db:
        return await list_feeds(db)


async def rows(database: Database, storage: Storage, brand: Minted, file: FeedFile) -> list[FeedRow]:
    async with database.begin(brand.reading) as db:
        stored = await file_of_feed(db, file.id)
    assert stored.key.startswith(f"brand/{brand.id}/")
    return read_json_lines(storage.read(stored))[1]


async def test_the_last_day_is_told_once_in_quarters_and_halves(
    ledger: Database, aurora: Minted, clock: SteppedClock, storage: Storage
) -> None:
    clock.move_to(NOON + HOUR)
    await tell(ledger, aurora, Contact(NOON, NOON + HOUR), Contact(NOON + HOUR))
    assert await feed(ledger, storage, aurora.id) == 1
    assert [each.day for each in await files(ledger, aurora)] == ["2026-03-01"] * 4
    clock.advance(DAY)
    assert [await feed(ledger, storage, aurora.id) for _ in range(3)] == [1, 0, 0]
    found = [each for each in await files(ledger, aurora) if each.day == "2026-03-02"]
    assert [(each.minutes, each.format, each.restatement) for each in found] == [
        (15, "csv", 1), (15, "jsonl", 1), (30, "csv", 1), (30, "jsonl", 1),
    ]  # fmt: skip
    assert {each.n for each in found} == {5}


async def test_what_the_files_of_a_month_come_to_is_what_its_report_says(
    ledger: Database, aurora: Minted, clock: SteppedClock, storage: Storage
) -> None:
    for day in range(5):
        clock.move_to(NOON + day * DAY)
        await tell(ledger, aurora, *[Contact(NOON + day * DAY - n * HOUR / 3) for n in range(day + 1)])
        await feed(ledger, storage, aurora.id)
    clock.move_to(NOON + 5 * DAY)
    await feed(ledger, storage, aurora.id)
    newest = {
        (each.day, each.minutes): each
        for each in reversed(await files(ledger, aurora))
        if each.format == "jsonl"
    }
    whole = await report(ledger, aurora)
    for minutes in (15, 30):
        told = [
            row
            for (_, step), each in newest.items()
            if step == minutes
            for row in await rows(ledger, storage, aurora, each)
        ]
        assert sum(row.units for row in told if row.measure == "contact") == whole.count("received") == 15
        timed = [row for row in told if row.measure == "first_response"]
        assert sum(row.late + row.overdue for row in timed) == whole.count("late") > 0
        assert sum(row.met for row in timed) == whole.count("within")


async def test_a_late_fact_restates_its_day_and_the_first_file_stays_as_it_was(
    ledger: Database, aurora: Minted, clock: SteppedClock, storage: Storage
) -> None:
    clock.move_to(NOON + HOUR)
    [contact] = await tell(ledger, aurora, Contact(NOON))
    clock.move_to(NOON + DAY)
    await feed(ledger, storage, aurora.id)
    before = {each.id: await content(ledger, storage, aurora, each) for each in await files(ledger, aurora)}
    clock.move_to(NOON + DAY + HOUR)
    await answer(ledger, aurora, contact, NOON + HOUR)
    assert await feed(ledger, storage, aurora.id) == 0
    clock.advance(DAY)
    assert await feed(ledger, storage, aurora.id) == 2
    found = await files(ledger, aurora)
    again = [each for each in found if each.restatement == 2]
    assert {each.day for each in again} == {"2026-03-02"}
    assert len(again) == 4
    told = await rows(ledger, storage, aurora, next(each for each in again if each.format == "jsonl"))
    assert sum(row.met for row in told) == 1
    for each in found:
        if each.id in before:
            assert await content(ledger, storage, aurora, each) == before[each.id]
    clock.advance(DAY)
    assert await feed(ledger, storage, aurora.id) == 1


async def content(database: Database, storage: Storage, brand: Minted, file: FeedFile) -> bytes:
    async with database.begin(brand.reading) as db:
        return storage.read(await file_of_feed(db, file.id))


async def test_nights_without_a_worker_are_made_up(
    ledger: Database, aurora: Minted, clock: SteppedClock, storage: Storage
) -> None:
    await tell(ledger, aurora, Contact(NOON))
    clock.move_to(NOON + DAY)
    await feed(ledger, storage, aurora.id)
    clock.move_to(NOON + 4 * DAY)
    await feed(ledger, storage, aurora.id)
    days = {each.day for each in await files(ledger, aurora) if each.restatement == 1}
    assert days == {f"2026-03-0{day}" for day in (2, 3, 4, 5)}


async def test_two_workers_write_a_day_once(
    ledger: Database, aurora: Minted, clock: SteppedClock, storage: Storage
) -> None:
    await tell(ledger, aurora, Contact(NOON))
    clock.move_to(NOON + DAY)
    await asyncio.gather(*[feed(ledger, storage, aurora.id) for _ in range(4)])
    assert len(await files(ledger, aurora)) == 4


async def test_a_day_is_over_by_the_clock_of_the_brand(
    ledger: Database, aurora: Minted, clock: SteppedClock, storage: Storage
) -> None:
    await tell(ledger, aurora, Contact(NOON))
    clock.move_to(datetime(2026, 3, 3, 0, 59, tzinfo=ROME))
    await feed(ledger, storage, aurora.id)
    assert {each.day for each in await files(ledger, aurora)} == {"2026-03-01"}
    clock.move_to(datetime(2026, 3, 3, 1, 0, tzinfo=ROME))
    await feed(ledger, storage, aurora.id)
    assert {each.day for each in await files(ledger, aurora)} == {"2026-03-01", "2026-03-02"}


async def test_the_day_of_twenty_five_hours_has_a_hundred_quarters(
    ledger: Database, aurora: Minted, clock: SteppedClock, storage: Storage
) -> None:
    night = datetime(2026, 10, 25, 0, 30, tzinfo=ZoneInfo("UTC"))
    clock.move_to(night + 2 * HOUR)
    await tell(ledger, aurora, Contact(night), Contact(night + HOUR), Contact(night + HOUR))
    clock.move_to(night + DAY + HOUR)
    await feed(ledger, storage, aurora.id)
    file = next(each for each in await files(ledger, aurora) if (each.minutes, each.format) == (15, "jsonl"))
    told = [row for row in await rows(ledger, storage, aurora, file) if row.measure == "contact"]
    assert len(told) == 100
    assert [row.units for row in told if row.starts_at in (night, night + HOUR)] == [1, 2]


async def test_what_does_not_add_up_is_not_written(
    quiet_ledger: Database, clock: SteppedClock, storage: Storage
) -> None:
    aurora, bosco = [await mint_brand(quiet_ledger, name) for name in ("Aurora", "Bosco")]
    for brand in (aurora, bosco):
        await tell(quiet_ledger, brand, Contact(NOON))
    clock.move_to(NOON + DAY)
    async with quiet_ledger.begin(aurora.writing) as db:
        await db.execute(update(Tally).where(Tally.grain == "interval").values(units=Tally.units + 1))
    with capture_logs() as logs:
        assert await feed_when_due("02:30", quiet_ledger, storage) == 1
    assert [each["event"] for each in logs] == ["a brand's day was not told by intervals"]
    assert await files(quiet_ledger, aurora) == []
    assert len(await files(quiet_ledger, bosco)) == 4


async def test_where_nights_are_off_nothing_is_written(
    quiet_ledger: Database, clock: SteppedClock, storage: Storage
) -> None:
    brand = await mint_brand(quiet_ledger, "Aurora")
    await tell(quiet_ledger, brand, Contact(NOON))
    clock.move_to(NOON + DAY)
    assert await feed_when_due("never", quiet_ledger, storage) == 0
