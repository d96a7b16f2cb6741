"""Whom a part of a file may be about: few statements, and nobody of another brand."""

from __future__ import annotations

from portavoce.customers.importing.known import known_to
from portavoce.customers.importing.planning import typed
from tests.conversations.conftest import counted
from tests.customers.profiles import asks, gina, write
from tests.floor import GINA, Floor


async def test_a_part_takes_three_statements_however_long(floor: Floor) -> None:
    counts = []
    for number in (1, 40):
        lines = [typed(line, [f"c{line}@posta.example"], ["email"], "IT") for line in range(number)]
        with counted(floor.database) as statements:
            async with floor.database.begin(floor.aurora.reading) as db:
                await known_to(db, lines)
        counts.append(len(statements))
    assert counts == [3, 3]


async def test_who_is_named_or_owns_an_address_is_known_as_they_are(floor: Floor) -> None:
    level = await asks(floor, "level")
    mine, theirs = await gina(floor), await gina(floor, at=floor.world.bosco)
    await write(floor, mine, {f"a_{level.hex}": "Oro"})
    lines = [typed(2, [GINA], ["email"], "IT"), typed(3, [str(theirs)], ["id"], "IT")]
    async with floor.database.begin(floor.aurora.reading) as db:
        known = await known_to(db, lines)
    assert known.owners == {("email", GINA): mine}
    assert set(known.customers) == {mine}
    held = known.customers[mine]
    assert (held.version, held.merged, held.columns["name"], held.values) == (
        2,
        False,
        "Gina",
        {level: "Oro"},
    )
