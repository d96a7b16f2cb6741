"""The lists of the client's back office."""

from __future__ import annotations

from uuid import uuid4

import pytest

from portavoce.conversations.back_office.errors import NoRequest
from portavoce.conversations.back_office.queries import ended_requests, open_requests, request_row
from portavoce.core.db import REPORT
from tests.conversations.back_office.asked import answered, asked, olga, promised, request_of
from tests.floor import Floor


async def test_open_ones_stand_soonest_due_first_and_those_without_a_target_last(floor: Floor) -> None:
    by = await olga(floor)
    never = await asked(floor)
    await promised(floor, 8)
    later = await asked(floor)
    await promised(floor, 2)
    soon, done = await asked(floor), await asked(floor)
    await answered(floor, done, by)
    async with floor.database.begin(floor.aurora.reading, role=REPORT, snapshot=True) as db:
        waiting, ended = await open_requests(db), await ended_requests(db)
    assert [row.id for row in waiting] == [
        (await request_of(floor, each)).id for each in (soon, later, never)
    ]
    assert [(row.id, row.in_time) for row in ended] == [((await request_of(floor, done)).id, True)]
    assert all(row.ticket for row in waiting)


async def test_one_is_found_in_its_own_brand_only(floor: Floor) -> None:
    await olga(floor)
    request = await request_of(floor, await asked(floor))
    async with floor.database.begin(floor.aurora.reading) as db:
        row = await request_row(db, request.id)
        with pytest.raises(NoRequest):
            await request_row(db, uuid4())
    assert (row.state, row.in_time, row.answer) == ("open", None, None)
    async with floor.database.begin(floor.world.bosco.reading) as db:
        assert await open_requests(db) == []
        with pytest.raises(NoRequest):
            await request_row(db, request.id)
