"""The first page of a supervisor: their own brands, and what waits for each client."""

from __future__ import annotations

from functools import partial

from portavoce.core.scope import Scope
from portavoce.sla.relief.proposing import propose
from portavoce.web.supervisor.brands import read_faces, undecided
from tests.molds import Mold
from tests.sla.relief.relieving import wish
from tests.web.browsing import Site
from tests.world import Cast, World


async def test_only_ones_own_brands_are_listed_with_what_waits(
    the_site: Site, world_mold: Mold[Cast]
) -> None:
    world = World.of(world_mold.cast(), the_site.database, the_site.settings.files_dir)
    dino = await the_site.person("supervisor", brand=world.aurora.id)
    for brand in (world.aurora, world.bosco):
        await the_site.person("client_approver", brand=brand.id)
        now = the_site.database.clock.now()
        event = wish(now.replace(hour=8), now.replace(hour=9))
        await the_site.database.run(brand.writing, partial(propose, house=None, wish=event, by=dino.id))
    async with the_site.browser() as one:
        await one.sign_in(dino.email)
        page = (await one.get("/s")).text
        desk = (await one.get("/preferences")).text
    assert f'href="/s/b/{world.aurora.slug}/relief"' in page
    assert world.bosco.slug not in page
    assert 'href="/s"' in desk


async def test_the_list_is_two_queries_however_many_brands(the_site: Site, world_mold: Mold[Cast]) -> None:
    world = World.of(world_mold.cast(), the_site.database, the_site.settings.files_dir)
    brands = [world.aurora.id, world.bosco.id]
    async with the_site.database.begin(Scope.reading(brands)) as db:
        with the_site.counting() as seen:
            found = await read_faces(db, brands)
            await undecided(db)
    assert [each.id for each in found] == [world.aurora.id, world.bosco.id]
    assert len(seen) == 2
