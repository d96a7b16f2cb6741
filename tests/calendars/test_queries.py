"""Versions as arithmetic wants them, also those that an earlier release wrote."""

from __future__ import annotations

from datetime import timedelta

from portavoce.calendars.hours import ALWAYS, write
from portavoce.calendars.models import CalendarVersion
from portavoce.calendars.queries import versions_of, versions_of_brand
from portavoce.core.db import Database
from portavoce.core.unit import new_id
from tests.calendars.patterns import OFFICE, ROME
from tests.database import NOON
from tests.minting import mint_brand


async def test_what_an_earlier_release_wrote_is_its_week_known_from_when_it_holds(database: Database) -> None:
    brand = await mint_brand(database)
    async with database.begin(brand.writing) as db:
        db.add(
            CalendarVersion(
                id=new_id(db), calendar_id=brand.calendar_id, valid_from=NOON + timedelta(days=1), zone=ROME,
                weekly=write(ALWAYS),
            )
        )  # fmt: skip
    async with database.begin(brand.reading) as db:
        _, last = await versions_of(db, brand.calendar_id)
    hours = last.hours("phone")
    assert (hours.weekly, hours.days, hours.zone) == (ALWAYS, {}, ROME)
    assert hours.known_from == hours.valid_from == NOON + timedelta(days=1)


async def test_another_brands_calendars_are_not_there(database: Database) -> None:
    aurora, bosco = await mint_brand(database, "Aurora"), await mint_brand(database, "Bosco")
    async with database.begin(aurora.reading) as db:
        assert await versions_of(db, bosco.calendar_id) == []
        found = await versions_of_brand(db)
    assert list(found) == [aurora.calendar_id]
    assert found[aurora.calendar_id][0].document.weekly == OFFICE
