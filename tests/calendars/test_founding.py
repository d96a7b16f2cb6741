"""Opening hours of a brand, and their versions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from portavoce.calendars.founding import add_calendar, add_version, calendar_versions
from portavoce.calendars.hours import ALWAYS, Weekly
from portavoce.calendars.models import CalendarVersion
from portavoce.calendars.versions import valid_at
from portavoce.core.db import Database
from tests.database import NOON
from tests.minting import mint_brand

MORNINGS = Weekly(dict.fromkeys(range(7), ((8 * 60, 13 * 60),)))


async def test_a_calendar_is_read_as_it_was_written(database: Database) -> None:
    brand = await mint_brand(database)
    async with database.begin(brand.writing) as db:
        calendar = add_calendar(db, "Mattina", MORNINGS, "Europe/Rome", NOON)
    async with database.begin(brand.reading) as db:
        ((version_id, hours),) = await calendar_versions(db, calendar.id)
        assert (await db.get_one(CalendarVersion, (brand.id, version_id))).calendar_id == calendar.id
    assert (hours.valid_from, hours.zone, hours.weekly) == (NOON, "Europe/Rome", MORNINGS)


async def test_versions_come_oldest_first_in_whatever_order_they_were_added(database: Database) -> None:
    brand = await mint_brand(database)
    days = (3, 1, 2)
    async with database.begin(brand.writing) as db:
        calendar = add_calendar(db, "Mattina", MORNINGS, "Europe/Rome", NOON)
    async with database.begin(brand.writing) as db:
        added = {
            day: add_version(db, calendar.id, ALWAYS, "Europe/Rome", NOON + timedelta(days=day)).id
            for day in days
        }
    async with database.begin(brand.reading) as db:
        versions = await calendar_versions(db, calendar.id)
    assert [version_id for version_id, _ in versions][1:] == [added[day] for day in sorted(days)]
    in_force = valid_at([hours for _, hours in versions], NOON + timedelta(hours=23))
    assert in_force is not None
    assert in_force.weekly == MORNINGS


async def test_two_versions_do_not_begin_at_once(database: Database) -> None:
    brand = await mint_brand(database)
    async with database.begin(brand.writing) as db:
        calendar = add_calendar(db, "Mattina", MORNINGS, "Europe/Rome", NOON)
    with pytest.raises(IntegrityError):
        async with database.begin(brand.writing) as db:
            add_version(db, calendar.id, ALWAYS, "Europe/Rome", NOON)


async def test_another_brands_calendar_has_no_versions_here(database: Database) -> None:
    aurora, bosco = await mint_brand(database, "Aurora"), await mint_brand(database, "Bosco")
    async with database.begin(aurora.reading) as db:
        assert await calendar_versions(db, bosco.calendar_id) == []
        assert len(await calendar_versions(db, aurora.calendar_id)) == 1
