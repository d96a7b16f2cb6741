"""One verb makes a brand's marks again; what people decided stays."""

from __future__ import annotations

from sqlalchemy import delete

from portavoce.brands.models import BrandSignal
from portavoce.brands.signals import ADDED, ALLOWED, add_by_hand, signals
from portavoce.conversations.models import Message
from portavoce.onboarding.signals import relearn, relearn_all
from tests.world import World, WorldBrand


async def kept(world: World, brand: WorldBrand) -> set[tuple[str, str]]:
    async with world.database.begin(brand.reading) as db:
        return {(row.origin, row.key) for row in await signals(db)}


async def test_the_marks_come_back_and_decisions_stay(world: World) -> None:
    async with world.database.begin(world.aurora.writing) as db:
        await add_by_hand(db, ADDED, "word", "Fjord")
        await add_by_hand(db, ALLOWED, "domain", "altrove.it")
    before = await kept(world, world.aurora)
    assert len(before) == 6
    async with world.database.begin(world.aurora.writing) as db:
        await db.execute(delete(BrandSignal).where(BrandSignal.origin == "address"))
        await relearn(db)
    assert await kept(world, world.aurora) == before


async def test_whom_a_brand_wrote_about_before_is_no_stranger_to_it(world: World) -> None:
    answer = await world.answered(world.aurora)
    async with world.database.begin(world.aurora.writing) as db:
        row = await db.get_one(Message, (world.aurora.id, answer.id))
        row.body = (
            "Segua il pacco su www.corriere-nuovo.it o scriva a rosa@corriere-vecchio.it o a rosa@gmail.com"
        )
    async with world.database.begin(world.aurora.writing) as db:
        await relearn(db)
    used = {key for origin, key in await kept(world, world.aurora) if origin == "used"}
    assert used == {"domain corriere-nuovo.it", "domain corriere-vecchio.it"}


async def test_after_an_upgrade_only_brands_without_marks_are_read(world: World) -> None:
    before = await kept(world, world.bosco)
    async with world.database.begin(world.bosco.writing) as db:
        await db.execute(delete(BrandSignal))
    brands = [world.aurora.id, world.bosco.id]
    assert await relearn_all(world.database, brands, missing=True) == 1
    assert await kept(world, world.bosco) == before
    assert await relearn_all(world.database, brands, missing=True) == 0
    assert await relearn_all(world.database, brands, missing=False) == 2
    assert await kept(world, world.bosco) == before
