"""Search over brands: one call each, merged by rank, and nothing of a brand outside the scope."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import event, select

from portavoce.core.db import APP
from portavoce.search.entering import enter, enter_again
from portavoce.search.finding import Hit, find, merged
from portavoce.search.models import SearchEntry
from portavoce.search.vectors import vector
from tests.floor import Floor
from tests.world import WorldBrand

KINDS = ("message", "note", "customer")


async def put(floor: Floor, brand: WorldBrand, heavy: str, light: str = "", kind: str = "message") -> UUID:
    async with floor.database.begin(brand.writing) as db:
        entry = UUID(int=brand.id.int ^ hash((heavy, light)) & 0xFFFFFFFF)
        enter(db, kind, entry, floor.clock.now(), vector(brand.id, [heavy], [light]))
    return entry


async def hits(
    floor: Floor, *brands: WorldBrand, text: str, scope: WorldBrand | None = None, at_most: int = 10
) -> list[Hit]:
    found = []
    for brand in brands:
        async with floor.database.begin((scope or brand).reading) as db:
            found.append(await find(db, brand.id, text, kinds=KINDS, at_most=at_most))
    return merged(found)


async def test_results_of_brands_are_merged_by_rank_and_the_newer_comes_first(floor: Floor) -> None:
    bosco = floor.world.bosco
    weak = await put(floor, floor.aurora, "Altro", "la caldaia")
    strong = await put(floor, bosco, "Caldaia rotta")
    floor.later(hours=1)
    newer = await put(floor, floor.aurora, "Caldaia nuova")
    found = await hits(floor, floor.aurora, bosco, text="caldaia")
    assert [hit.subject_id for hit in found] == [newer, strong, weak]


async def test_a_brand_outside_the_scope_gives_nothing_though_it_is_asked_for(floor: Floor) -> None:
    mine = await put(floor, floor.aurora, "Caldaia")
    await put(floor, floor.world.bosco, "Caldaia")
    found = await hits(floor, floor.aurora, floor.world.bosco, text="caldaia", scope=floor.aurora)
    assert [hit.subject_id for hit in found] == [mine]


@pytest.mark.parametrize("others", [0, 40])
async def test_what_is_asked_does_not_depend_on_what_other_brands_hold(floor: Floor, others: int) -> None:
    """As many statements, the same ones, with the same values, and the same answer."""
    for n in range(others):
        await put(floor, floor.world.bosco, f"Caldaia {n}")
    mine = await put(floor, floor.aurora, "Caldaia")
    sent: list[object] = []

    def note(_c: object, _k: object, statement: str, values: object, *_rest: object) -> None:
        sent.append((statement, values))

    engine = floor.database.engine(APP).sync_engine
    event.listen(engine, "before_cursor_execute", note)
    found = await hits(floor, floor.aurora, text="caldaia", at_most=5)
    event.remove(engine, "before_cursor_execute", note)
    assert [(hit.subject_id, round(hit.rank, 4)) for hit in found] == [(mine, 0.6079)]
    assert len(sent) == 2, sent  # the scope, and one call
    assert str(floor.world.bosco.id) not in str(sent)


async def test_an_entry_made_again_forgets_what_it_said(floor: Floor) -> None:
    entry = await put(floor, floor.aurora, "Rossi")
    async with floor.database.begin(floor.aurora.writing) as db:
        await enter_again(db, "message", entry, floor.clock.now(), vector(floor.aurora.id, ["Verdi"]))
    assert await hits(floor, floor.aurora, text="rossi") == []
    assert [hit.subject_id for hit in await hits(floor, floor.aurora, text="verdi")] == [entry]


async def test_at_most_so_many_of_each_brand(floor: Floor) -> None:
    for n in range(4):
        await put(floor, floor.aurora, f"Caldaia {n}")
    assert len(await hits(floor, floor.aurora, text="caldaia", at_most=3)) == 3


async def test_a_message_can_be_found_as_soon_as_it_is_there(floor: Floor) -> None:
    message = await floor.write_in()
    found = await hits(floor, floor.aurora, text="macchina perde")
    assert [(hit.kind, hit.subject_id) for hit in found] == [("message", message.id)]
    names = await hits(floor, floor.aurora, text="gina ver")
    assert [hit.kind for hit in names] == ["customer"]
    async with floor.database.begin(floor.aurora.reading) as db:
        assert len((await db.scalars(select(SearchEntry.kind))).all()) == 2
