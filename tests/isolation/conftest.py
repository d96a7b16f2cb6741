from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from portavoce.core.db import Database
from portavoce.core.push import Subscriber
from portavoce.kit.clock import SteppedClock
from portavoce.web.desk.streaming import desk_streams
from portavoce.web.live.hub import Hub
from portavoce.wiring import LAST_WRITERS, reactions
from tests.cluster import SessionCluster
from tests.core.conftest import aurora, bosco, sent
from tests.database import NOON, Installation
from tests.faults.conftest import site
from tests.isolation.ground import Ground
from tests.isolation.provider import Provider, build_provider
from tests.minting import Minted, mint_brand, mint_customer
from tests.web.conftest import browser, templates, the_site
from tests.web.desk.conftest import desk, desk_database, people_mold, settings
from tests.web.portal.conftest import carla, house
from tests.world import KEYS

__all__ = [
    "aurora", "bosco", "browser", "carla", "desk", "desk_database", "house", "people_mold", "sent", "settings", "site", "templates",
    "the_site",
]  # fmt: skip
"""Fixtures of the guards that `test_mutations` runs on sabotaged code."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def provider(
    installation: Installation,
    engines: dict[str, AsyncEngine],
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Provider]:
    """With its streams; time stands still, and no loop puts a word between two answers that must be the same.

    Only the last test of the matrix changes it.
    """
    database = Database(
        installation.urls,
        SteppedClock(NOON),
        reactions=reactions(KEYS),
        last_writers=LAST_WRITERS,
        _engines=engines,
    )
    made = await build_provider(database, tmp_path_factory.mktemp("provider"))
    async with desk_streams(made.site.app):
        made.site.app.state.hub = Hub(database, made.site.app.state.desk_views, Subscriber(""))
        yield made


@pytest.fixture(scope="session")
def ground(install: Callable[[], Installation], cluster: SessionCluster) -> Iterator[Ground]:
    """A database with rows of three brands in every table; whoever changes some puts them back."""
    installation = install()
    made = Ground(installation)
    yield made
    made.close()
    cluster.drop_database(installation.name)


@pytest_asyncio.fixture
async def brands(database: Database) -> list[Minted]:
    """Twelve, with a customer each."""
    made = [await mint_brand(database, f"Marca{n}") for n in range(12)]
    for brand in made:
        await mint_customer(database, brand)
    return made
