"""Entries are written once each; what is entered again forgets what it said, however many at once."""

from __future__ import annotations

from uuid import uuid4

from portavoce.search.entering import enter, enter_again, enter_all_again
from portavoce.search.finding import find
from portavoce.search.models import SearchEntry
from portavoce.search.vectors import vector
from tests.conversations.conftest import counted
from tests.floor import Floor


async def test_many_are_entered_again_in_one_statement(floor: Floor) -> None:
    brand, at = floor.aurora.id, floor.clock.now()
    ids = [uuid4() for _ in range(30)]
    async with floor.database.begin(floor.aurora.writing) as db:
        enter(db, "customer", ids[0], at, vector(brand, ["vecchio"]))
    with counted(floor.database) as statements:
        async with floor.database.begin(floor.aurora.writing) as db:
            things = [(each, at, vector(brand, [f"nuovo{n:02}"])) for n, each in enumerate(ids)]
            await enter_all_again(db, "customer", things)
            await enter_again(db, "customer", ids[1], at, vector(brand, ["altro"]))
            await enter_all_again(db, "customer", [])
    assert len(statements) == 2
    async with floor.database.begin(floor.aurora.reading) as db:
        hits = {
            text: [each.subject_id for each in await find(db, brand, text, kinds=["customer"], at_most=9)]
            for text in ("vecchio", "nuovo00", "nuovo01", "altro")
        }
    assert hits == {"vecchio": [], "nuovo00": [ids[0]], "nuovo01": [], "altro": [ids[1]]}
    assert len(await floor.rows(SearchEntry)) == 30
