"""What the pages of calendars say of versions that hold, held, will hold or never did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from msgspec import structs

from portavoce.calendars.documents import Document
from portavoce.calendars.errors import NoCalendar
from portavoce.calendars.publishing import publish
from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.writing import write_facts
from portavoce.web.admin.calendar_pages import Shown, calendar_of, calendars_of, preview
from tests.calendars.patterns import NIGHTS, OFFICE, ROME
from tests.database import NOON
from tests.minting import Minted, mint_brand

LAW = Document(zone=ROME, weekly=OFFICE, country="IT")
TODAY = NOON.date()
DAY = timedelta(days=1)


@pytest.fixture
def database(make_database: Callable[..., Database]) -> Database:
    return make_database(last_writers=(write_facts,))


async def published(database: Database, brand: Minted, document: Document, starts: date | None) -> None:
    async with database.begin(brand.writing) as db:
        await publish(db, brand.calendar_id, document, starts, by=None)


async def shown(database: Database, brand: Minted) -> Shown:
    async with database.begin(brand.reading) as db:
        [one] = await calendars_of(db)
        assert await calendar_of(db, brand.calendar_id) == one
        return one


async def test_every_version_says_how_it_stands(database: Database, clock: SteppedClock) -> None:
    brand = await mint_brand(database)
    clock.advance(timedelta(hours=1))
    await published(database, brand, LAW, None)
    for weekly in (NIGHTS, OFFICE):
        clock.advance(timedelta(minutes=1))
        await published(database, brand, structs.replace(LAW, weekly=weekly), TODAY + 7 * DAY)
    one = await shown(database, brand)
    assert [line.state for line in one.history] == ["future", "replaced", "present", "past"]
    assert one.present.document.country == "IT"
    assert one.next is not None
    assert one.next.document.weekly == OFFICE


async def test_the_weeks_ahead_are_eight_and_name_their_holidays_from_today_on(
    database: Database, clock: SteppedClock
) -> None:
    brand = await mint_brand(database)
    clock.move_to(NOON.replace(month=4, day=7))
    await published(database, brand, LAW, None)
    one = await shown(database, brand)
    assert len(one.weeks) == 8
    assert [each.name for each in one.holidays] == ["Anniversario della Liberazione", "Festa del Lavoro"]
    assert one.today == date(2026, 4, 7)


@pytest.mark.parametrize(("later", "warned"), [(timedelta(days=1130), False), (timedelta(days=1131), True)])
async def test_a_calendar_asks_to_be_published_again_long_before_its_last_closed_day(
    database: Database, clock: SteppedClock, later: timedelta, warned: bool
) -> None:
    brand = await mint_brand(database)
    clock.advance(timedelta(hours=1))
    await published(database, brand, LAW, None)
    clock.move_to(NOON + later)
    one = await shown(database, brand)
    assert one.ends_soon == warned
    assert one.present.document.until == date(2029, 12, 31)


async def test_a_preview_says_what_follows_and_its_mark_is_of_all_it_says(
    database: Database, clock: SteppedClock
) -> None:
    brand = await mint_brand(database)
    await published(database, brand, LAW, TODAY + 7 * DAY)
    clock.advance(timedelta(hours=1))
    async with database.begin(brand.reading) as db:
        seen = [
            await preview(db, brand.calendar_id, document, starts)
            for document, starts in ((LAW, None), (LAW, TODAY + DAY), (LAW, TODAY + 8 * DAY), (structs.replace(LAW, weekly=NIGHTS), None))
        ]  # fmt: skip
        assert (await preview(db, None, LAW, None)).moves is None
    assert len({each.mark for each in seen}) == 4
    assert [each.follows is not None for each in seen] == [True, True, False, True]
    assert {each.day for each in seen[0].holidays} >= {date(2026, 4, 6), date(2027, 1, 6)}
    assert max(each.day for each in seen[0].holidays) < date(2027, 3, 4)
    await published(database, brand, LAW, None)
    async with database.begin(brand.reading) as db:
        assert (await preview(db, brand.calendar_id, LAW, None)).mark != seen[0].mark


async def test_another_brands_calendar_is_none(database: Database) -> None:
    aurora, bosco = await mint_brand(database, "Aurora"), await mint_brand(database, "Bosco")
    async with database.begin(aurora.reading) as db:
        for calendar_id in (bosco.calendar_id, uuid4()):
            with pytest.raises(NoCalendar):
                await calendar_of(db, calendar_id)
