from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import pytest
import pytest_asyncio
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncEngine

from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.kit.clock import SteppedClock
from portavoce.web.desk.streaming import desk_streams
from portavoce.web.trespassing.addresses import Names
from portavoce.web.trespassing.samples import sample
from portavoce.wiring import LAST_WRITERS, reactions
from tests.database import NOON, Installation
from tests.isolation.filling import fill
from tests.web.browsing import site
from tests.world import KEYS, World, build_world


@dataclass(frozen=True, slots=True)
class Ground:
    """Aurora, of which there is everything, and Bosco, whose people are played."""

    app: Litestar
    world: World
    samples: list[Names]

    @property
    def bosco(self) -> tuple[UUID, str]:
        return self.world.bosco.id, self.world.bosco.slug


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def ground(
    installation: Installation, engines: dict[str, AsyncEngine], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Ground]:
    """Read by all of these tests; some rows more do no harm."""
    database = Database(
        installation.urls,
        SteppedClock(NOON),
        reactions=reactions(KEYS),
        last_writers=LAST_WRITERS,
        _engines=engines,
    )
    the_site = site(database, tmp_path_factory.mktemp("ground"))
    world = await build_world(database, the_site.settings.files_dir)
    await fill(world, world.aurora)
    async with database.begin(Scope.reading([world.aurora.id])) as db:
        samples = await sample(db, world.aurora.id)
    async with desk_streams(the_site.app):
        yield Ground(the_site.app, world, samples)
