"""A version is published for what lies ahead, by somebody, with its holidays written out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from msgspec import structs
from sqlalchemy import func, select

from portavoce.audit.models import AuditEntry
from portavoce.calendars import timeline
from portavoce.calendars.documents import Document, Exceptional, Patron
from portavoce.calendars.errors import BadCalendar, NoCalendar
from portavoce.calendars.events import CalendarPublished
from portavoce.calendars.hours import Weekly
from portavoce.calendars.models import Calendar, CalendarVersion
from portavoce.calendars.publishing import begins, open_calendar, publish
from portavoce.calendars.queries import Version, versions_of, versions_of_brand
from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.models import LedgerEvent
from portavoce.ledger.writing import write_facts
from tests.calendars.patterns import NIGHTS, OFFICE, ROME
from tests.database import NOON
from tests.floor import data
from tests.minting import Minted, mint_brand

TODAY = NOON.date()
DAY = timedelta(days=1)
LAW = Document(zone=ROME, weekly=OFFICE, country="IT")


def heard(database: Database) -> list[CalendarPublished]:
    found: list[CalendarPublished] = []

    async def note(_db: object, event: CalendarPublished) -> None:
        found.append(event)

    database.reactions = {CalendarPublished: [note]}
    return found


@pytest.fixture
def database(make_database: Callable[..., Database]) -> Database:
    return make_database(last_writers=(write_facts,))


async def published(
    database: Database,
    brand: Minted,
    document: Document = LAW,
    starts: date | None = None,
    *,
    calendar_id: UUID | None = None,
) -> UUID:
    async with database.begin(brand.writing) as db:
        version = await publish(db, calendar_id or brand.calendar_id, document, starts, by=None)
        return version.id


async def versions(database: Database, brand: Minted) -> list[Version]:
    async with database.begin(brand.reading) as db:
        return await versions_of(db, brand.calendar_id)


async def test_it_is_a_fact_with_a_cause_and_an_event_and_a_whole_document(
    database: Database, clock: SteppedClock
) -> None:
    brand, events = await mint_brand(database), heard(database)
    clock.advance(timedelta(hours=1))
    starts = TODAY + 2 * DAY
    version_id = await published(database, brand, LAW, starts)
    first, second = await versions(database, brand)
    midnight = datetime(2026, 3, 3, 23, tzinfo=UTC)
    assert (second.id, second.valid_from, second.published_at) == (version_id, midnight, clock.now())
    assert second.document.until == date(2029, 12, 31)
    assert {date(2026, 5, 1), date(2026, 6, 2)} <= second.document.days.keys()
    assert (first.document.days, first.document.weekly) == ({}, OFFICE)
    [event] = events
    assert (event.version.id, event.at) == (version_id, clock.now())
    async with database.begin(brand.reading) as db:
        fact = (await db.scalars(select(LedgerEvent))).one()
        cause = (await db.scalars(select(AuditEntry))).one()
        row = await db.get_one(CalendarVersion, (brand.id, version_id))
    assert (fact.kind, fact.actor, fact.cause_id, cause.subject_id) == (
        "calendar.published", "admin", cause.id, version_id,
    )  # fmt: skip
    assert data(fact) == {
        "calendar": str(brand.calendar_id),
        "calendar_version": str(version_id),
        "valid_from": "2026-03-03T23:00:00.000000Z",
    }
    assert (row.zone, row.weekly) == (ROME, '{"days":{"0":[[540,1080]],"1":[[540,1080]],"2":[[540,1080]],"3":[[540,1080]],"4":[[540,1080]]}}')  # fmt: skip


async def test_a_figure_does_not_depend_on_the_library_of_holidays_at_reading(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    brand = await mint_brand(database)
    await published(database, brand)

    def forgotten(*_: object) -> tuple[()]:
        return ()

    monkeypatch.setattr("portavoce.calendars.public_days._public", forgotten)
    known = timeline.known_at([each.hours() for each in await versions(database, brand)], NOON)
    start = datetime(2026, 4, 30, 15, 20, tzinfo=UTC)
    assert timeline.due(known, start, timedelta(hours=2)) == datetime(2026, 5, 4, 8, 20, tzinfo=UTC)


async def test_each_channel_has_its_own_hours_and_all_the_same_days(database: Database) -> None:
    brand = await mint_brand(database)
    await published(database, brand, structs.replace(LAW, channels={"phone": NIGHTS}))
    async with database.begin(brand.reading) as db:
        last = (await versions_of_brand(db))[brand.calendar_id][-1]
    assert (last.hours("phone").weekly, last.hours("email").weekly) == (NIGHTS, OFFICE)
    assert last.hours("phone").days == last.hours("email").days


async def test_at_once_is_now_and_a_version_for_later_follows_it(
    database: Database, clock: SteppedClock
) -> None:
    brand = await mint_brand(database)
    later = await published(database, brand, LAW, TODAY + 9 * DAY)
    clock.advance(timedelta(hours=1))
    sooner = await published(database, brand)
    found = await versions(database, brand)
    assert [version.id for version in found][1:] == [sooner, later]
    assert found[1].valid_from == clock.now()


async def test_what_has_not_begun_is_replaced_by_what_begins_at_the_same_instant(
    database: Database, clock: SteppedClock
) -> None:
    brand = await mint_brand(database)
    for weekly in (NIGHTS, OFFICE):
        await published(database, brand, structs.replace(LAW, weekly=weekly), TODAY + DAY)
    found = [version.hours() for version in await versions(database, brand)]
    assert len(found) == 3
    known = timeline.known_at(found, clock.now() + DAY)
    assert [version.weekly for version in known] == [OFFICE, OFFICE]
    assert timeline.known_at(found, found[1].known_from)[-1].weekly == NIGHTS


async def test_versions_are_published_one_after_the_other_though_clocks_differ(
    database: Database, clock: SteppedClock
) -> None:
    brand = await mint_brand(database)
    clock.advance(DAY)
    await published(database, brand)
    clock.move_to(NOON)
    await published(database, brand)
    found = await versions(database, brand)
    assert found[2].published_at == found[2].valid_from == NOON + DAY + timedelta(microseconds=1)


BAD = {
    "zone": (structs.replace(LAW, zone="Europe/Atlantis"), None),
    "weekly": (structs.replace(LAW, weekly=Weekly({0: ()})), None),
    "weekly_phone": (structs.replace(LAW, channels={"phone": Weekly({})}), None),
    "channels": (structs.replace(LAW, channels={"pigeon": NIGHTS}), None),
    "place": (structs.replace(LAW, subdivision="XX"), None),
    "starts": (LAW, TODAY),
    "starts, yesterday": (LAW, TODAY - DAY),
    "starts, far away": (LAW, TODAY + timedelta(days=731)),
    "exceptions": (structs.replace(LAW, exceptions=(Exceptional(TODAY), Exceptional(TODAY))), None),
    "exceptions, before": (structs.replace(LAW, exceptions=(Exceptional(TODAY),)), TODAY + DAY),
    "exceptions, long": (structs.replace(LAW, exceptions=(Exceptional(TODAY, (), "x" * 81),)), None),
    "exceptions, many": (
        structs.replace(LAW, exceptions=tuple(Exceptional(TODAY + n * DAY) for n in range(201))), None,
    ),
    "patrons": (structs.replace(LAW, patrons=(Patron(6, 24, ""),)), None),
    "patrons, many": (structs.replace(LAW, patrons=tuple(Patron(6, n, "x") for n in range(1, 22))), None),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_makes_no_sense_or_lies_in_the_past_is_refused_under_its_field(case: str) -> None:
    document, starts = BAD[case]
    with pytest.raises(BadCalendar) as refused:
        begins(document, starts, NOON)
    assert set(refused.value.fields) == {case.partition(",")[0]}


@pytest.mark.parametrize(
    ("zone", "day", "begins_at"),
    [
        ("Europe/Rome", date(2026, 3, 30), "2026-03-29T22:00+00:00"),
        ("America/New_York", date(2026, 3, 3), "2026-03-03T05:00+00:00"),
        ("Africa/Cairo", date(2026, 4, 24), "2026-04-23T22:00+00:00"),  # it has no midnight
    ],
)
def test_a_day_begins_with_the_clock_of_the_zone(zone: str, day: date, begins_at: str) -> None:
    document = Document(zone=zone, weekly=OFFICE)
    assert begins(document, day, NOON) == datetime.fromisoformat(begins_at)


async def test_another_brands_calendar_is_none(database: Database) -> None:
    aurora, bosco = await mint_brand(database, "Aurora"), await mint_brand(database, "Bosco")
    for calendar_id in (bosco.calendar_id, uuid4()):
        with pytest.raises(NoCalendar):
            await published(database, aurora, calendar_id=calendar_id)


async def test_a_further_calendar_is_opened_with_its_first_version(database: Database) -> None:
    brand = await mint_brand(database)
    async with database.begin(brand.writing) as db:
        await open_calendar(db, "  Numero   verde ", LAW, None, by=None)
    async with database.begin(brand.reading) as db:
        assert set((await db.scalars(select(Calendar.name))).all()) == {"Ufficio", "Numero verde"}
        assert await db.scalar(select(func.count(CalendarVersion.id))) == 2
    for name in ("", "x" * 81, "numero verde"):
        with pytest.raises(BadCalendar) as refused:
            async with database.begin(brand.writing) as db:
                await open_calendar(db, name, LAW, None, by=None)
        assert set(refused.value.fields) == {"name"}


async def test_two_who_publish_at_once_do_so_one_after_the_other(database: Database) -> None:
    brand = await mint_brand(database)
    first, second = await asyncio.gather(published(database, brand), published(database, brand))
    found = [version for version in await versions(database, brand) if version.id in (first, second)]
    assert found[1].valid_from - found[0].valid_from == timedelta(microseconds=1)
