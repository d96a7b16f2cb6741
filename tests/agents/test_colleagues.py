"""Who else speaks for the brand and is at work now."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from portavoce.agents.colleagues import colleagues
from portavoce.agents.signs import GONE_AFTER, heard_of
from portavoce.core.scope import HOUSE
from portavoce.identity.people import disable
from tests.floor import Floor
from tests.world import WorldBrand


async def offered(floor: Floor, of: UUID, at: WorldBrand | None = None) -> list[str]:
    async with floor.database.begin((at or floor.aurora).reading) as db:
        return [each.alias for each in await colleagues(db, of)]


async def test_everybody_of_the_brand_but_oneself_whatever_they_are_doing(floor: Floor) -> None:
    assert await offered(floor, floor.anna.id) == ["Bruno"]
    assert await offered(floor, floor.bruno.id) == ["Anna"]
    assert await offered(floor, floor.world.anna.at(floor.world.bosco).id, floor.world.bosco) == []
    await floor.choose("aux", "break", agent=floor.world.bruno)
    assert await offered(floor, floor.anna.id) == ["Bruno"]


async def test_not_who_ended_the_shift(floor: Floor) -> None:
    await floor.choose("offline", agent=floor.world.bruno)
    assert await offered(floor, floor.anna.id) == []


async def test_not_who_left_without_a_word(floor: Floor) -> None:
    await floor.database.run(HOUSE, lambda db: heard_of(db, floor.world.bruno.person_id))
    floor.clock.advance(GONE_AFTER)
    assert await offered(floor, floor.anna.id) == ["Bruno"]
    floor.clock.advance(timedelta(seconds=1))
    assert await offered(floor, floor.anna.id) == []


async def test_not_who_has_no_access_any_more(floor: Floor) -> None:
    async with floor.database.begin(HOUSE) as db:
        await disable(db, floor.world.bruno.person_id, by=floor.world.elena)
    assert await offered(floor, floor.anna.id) == []
