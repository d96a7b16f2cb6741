from __future__ import annotations

from datetime import timedelta

import pytest

from portavoce.core.db import REPORT
from portavoce.core.scope import Scope
from portavoce.reporting.errors import NoReport
from portavoce.reporting.months import Month
from portavoce.web.portal.reading import Reading, read_faces, read_state
from tests.database import NOON
from tests.web.portal.conftest import DAY, House


async def read(house: House, seen: str = "") -> Reading:
    async with house.database.begin(house.aurora.reading, role=REPORT, snapshot=True) as db:
        return await read_state(db, house.aurora.id, seen, "")


async def test_a_reading_is_the_brand_its_last_fact_and_its_months(house: House) -> None:
    found = await read(house)
    assert (found.brand.name, found.brand.zone) == ("Aurora", "Europe/Rome")
    assert (found.anchor.n, found.anchor.at) == (18, NOON + 8 * DAY)
    assert found.first_month == found.last_month == Month(2026, 3)


async def test_a_state_that_was_seen_is_found_again(house: House) -> None:
    before = await read(house)
    house.clock.advance(timedelta(days=40))
    assert (await read(house, before.seen)).anchor == before.anchor
    assert (await read(house)).last_month == Month(2026, 4)


async def test_a_state_of_the_future_never_was(house: House) -> None:
    present = await read(house)
    later = (NOON + 9 * DAY).timestamp() * 1_000_000
    for seen in (f"19.{present.seen.partition('.')[2]}", f"18.{later:.0f}"):
        with pytest.raises(NoReport):
            await read(house, seen)


@pytest.mark.parametrize("text", ["2026-02", "2026-04", "2026-3", ""])
async def test_months_outside_the_ledger_do_not_exist(house: House, text: str) -> None:
    found = await read(house)
    with pytest.raises(NoReport):
        found.month(text)


async def test_only_brands_in_scope_have_a_face(house: House) -> None:
    both = [house.aurora.id, house.bosco.id]
    async with house.database.begin(Scope.reading({house.bosco.id}), role=REPORT) as db:
        assert [face.name for face in await read_faces(db, both)] == ["Bosco"]
    async with house.database.begin(Scope.reading(both), role=REPORT) as db:
        assert [face.name for face in await read_faces(db, both)] == ["Aurora", "Bosco"]
