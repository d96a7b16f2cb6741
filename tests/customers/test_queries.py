"""A profile takes as many statements however much is known."""

from __future__ import annotations

from portavoce.customers.consenting import note_consent
from portavoce.customers.queries import identities_of, profile_of
from tests.conversations.conftest import counted
from tests.customers.profiles import asks, gina, read, write
from tests.floor import GINA, Floor


async def test_a_profile_takes_three_statements_empty_or_full(floor: Floor) -> None:
    customer, counts = await gina(floor), []
    for full in (False, True):
        if full:
            questions = [await asks(floor, f"k{number}") for number in range(4)]
            await write(floor, customer, {f"a_{each.hex}": "x" for each in questions})
            for purpose in ("marketing", "surveys"):
                await floor.do(
                    note_consent, customer, purpose=purpose, channel="any", given=True, source="s", by=floor.anna
                )  # fmt: skip
        with counted(floor.database) as statements:
            async with floor.database.begin(floor.aurora.reading) as db:
                await profile_of(db, customer)
        counts.append(len(statements))
    assert counts == [3, 3]


async def test_a_profile_shows_what_this_brand_asks_and_knows(floor: Floor) -> None:
    here, there = await gina(floor), await gina(floor, at=floor.world.bosco)
    await asks(floor, "level", at=floor.world.bosco)
    assert (await read(floor, here)).answers == ()
    assert [each.value for each in (await read(floor, there, floor.world.bosco)).answers] == [""]
    async with floor.database.begin(floor.aurora.reading) as db:
        assert [(each.channel, each.shown) for each in await identities_of(db, here)] == [("email", GINA)]
