"""The lists of the left pane."""

from __future__ import annotations

from uuid import uuid4

import pytest
from msgspec.structs import replace
from sqlalchemy import event

from portavoce.agents.aliases import agent_of
from portavoce.core.db import APP
from portavoce.core.scope import Scope
from portavoce.web.desk.items import FEW, Lists, read_lists, room_for_each
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import arrive
from tests.web.desk.taking import take


async def lists(desk: Desk) -> Lists:
    brands = {desk.aurora.id, desk.bosco.id}
    async with desk.database.begin(Scope.reading(brands)) as db:
        return await read_lists(db, brands, await agent_of(db, desk.anna.person_id))


async def test_a_foreign_language_is_flagged_and_named_for_the_voice(desk: Desk) -> None:
    await arrive(desk.database, desk.aurora, "Is it running?", customer="Hannah Weiss", language="en")
    await arrive(desk.database, desk.bosco, "Dov'è?")
    flags = {item.name: (item.flag, item.lang) for item in (await lists(desk)).waiting}
    assert flags == {"Hannah Weiss": ("EN", "en"), "Gina Rota": ("", "it")}


async def test_every_brand_stands_in_the_bar_with_what_waits_there(desk: Desk) -> None:
    held = await take(desk, desk.aurora, desk.anna)
    await arrive(desk.database, desk.bosco)
    found = await lists(desk)
    assert {brand.name: brand.count for brand in found.bar} == {"Aurora": 0, "Bosco": 1}
    assert [item.href for item in found.mine] == [url(desk.aurora, held)]
    assert {brand.name: (len(items), total) for brand, items, total in found.queues()} == {
        "Aurora": (0, 0),
        "Bosco": (1, 1),
    }


async def test_of_many_brands_those_where_somebody_waits_come_first(desk: Desk) -> None:
    await arrive(desk.database, desk.bosco)
    found = await lists(desk)
    known, aurora = found.faces, found.faces[desk.aurora.id]
    many = known | {each: replace(aurora, id=each) for each in (uuid4() for _ in range(FEW))}
    assert [brand.name for brand in replace(found, faces=many).bar] == ["Bosco"] + ["Aurora"] * (FEW + 1)
    assert [brand.name for brand in found.bar] == ["Aurora", "Bosco"]


@pytest.mark.parametrize(
    ("brands", "each"), [(0, 50), (1, 50), (3, 50), (5, 30), (12, 12), (30, 5), (400, 3)]
)
def test_the_more_brands_the_fewer_of_each_are_shown_but_never_none(brands: int, each: int) -> None:
    assert room_for_each(brands) == each


async def test_of_each_brand_the_first_are_shown_and_all_are_counted(desk: Desk) -> None:
    for _ in range(3):
        await arrive(desk.database, desk.aurora)
    await arrive(desk.database, desk.bosco)
    shown = {brand.name: (len(items), total) for brand, items, total in (await lists(desk)).queues(at_most=2)}
    assert shown == {"Aurora": (2, 3), "Bosco": (1, 1)}


async def test_the_desk_takes_as_many_statements_for_three_contacts_as_for_one(desk: Desk) -> None:
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    await desk.get("/desk", desk.anna)  # the first sign of life is written down
    engine = desk.database.engine(APP).sync_engine
    event.listen(engine, "before_cursor_execute", note)
    counts = []
    for more in (1, 2):
        for number in range(more):
            await arrive(desk.database, desk.bosco, customer=f"Cliente {more} {number}")
        seen.clear()
        assert (await desk.get("/desk", desk.anna)).text.count('id="qi-') == (1 if more == 1 else 3)
        counts.append(len(seen))
    event.remove(engine, "before_cursor_execute", note)
    assert counts == [8, 8]
