"""A supervisor of Aurora, and people who work for it or for Bosco."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from tests.molds import Mold
from tests.reporting.team.staffing import add_site, add_staff, employ, told, work
from tests.web.browsing import Browser, Site
from tests.world import Cast, World, WorldBrand

HERE = "/s/reports"
NAMES = ("Ada", "Bea", "Cleo", "Dora", "Emma", "Fede")


@dataclass(frozen=True, slots=True)
class Team:
    """Dino supervises Aurora alone."""

    site: Site
    world: World
    dino: Browser
    dino_id: UUID

    async def staff(self, brand: WorldBrand, names: tuple[str, ...], *, authorised: bool = False) -> None:
        """Each closes one contact of this month, in a site of their own town."""
        place = await add_site(self.site.database, "Bari" if authorised else "Torino", authorised=authorised)
        people = await add_staff(self.site.database, place, *names)
        for number, by in enumerate(await employ(self.site.database, brand, people)):
            at = self.site.database.clock.now() - timedelta(hours=5, minutes=number)
            await work(self.site.database, brand, by, at)
        await told(self.site.database, brand)


@pytest.fixture
async def team(the_site: Site, world_mold: Mold[Cast]) -> AsyncIterator[Team]:
    world = World.of(world_mold.cast(), the_site.database, the_site.settings.files_dir)
    dino = await the_site.person("supervisor", brand=world.aurora.id, name="Dino Costa")
    async with the_site.browser() as one:
        await one.sign_in(dino.email)
        yield Team(the_site, world, one, dino.id)
