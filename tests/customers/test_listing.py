"""All customers of a brand, a part at a time."""

from __future__ import annotations

from portavoce.customers.listing import part_of
from portavoce.customers.merging import merge
from tests.conversations.conftest import counted
from tests.customers.profiles import asks, gina, write
from tests.floor import Floor


async def test_each_comes_once_with_what_is_known_and_none_of_another_brand(floor: Floor) -> None:
    level = await asks(floor, "level")
    people = [await gina(floor, address=f"c{n}@posta.example", name=f"C {n}") for n in range(5)]
    await write(floor, people[0], {f"a_{level.hex}": "Oro", "needs": "no_calls"})
    await floor.do(merge, people[3], people[4], by=floor.anna)
    await gina(floor, at=floor.world.bosco)
    seen = []
    async with floor.database.begin(floor.aurora.reading) as db:
        part = await part_of(db, after=None, most=3)
        while part:
            seen += part
            part = await part_of(db, after=part[-1].id, most=3)
    assert [each.id for each in seen] == people[:4]
    assert (seen[0].needs, seen[0].values) == ("no_calls", {level: "Oro"})
    assert [value for _, value in seen[3].identities] == ["c3@posta.example", "c4@posta.example"]


async def test_a_part_takes_three_statements_however_long(floor: Floor) -> None:
    counts = []
    for number in (1, 4):
        for each in range(number):
            await gina(floor, address=f"n{number}.{each}@posta.example")
        with counted(floor.database) as statements:
            async with floor.database.begin(floor.aurora.reading) as db:
                await part_of(db, after=None)
        counts.append(len(statements))
    assert counts == [3, 3]
