from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.web.desk.streaming import desk_streams
from portavoce.wiring import LAST_WRITERS, reactions
from tests.database import NOON, Installation
from tests.isolation.provider import Provider, build_provider
from tests.world import KEYS


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def provider(
    installation: Installation,
    engines: dict[str, AsyncEngine],
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Provider]:
    """With its streams; time stands still. Only the last test of the matrix changes it."""
    database = Database(
        installation.urls,
        SteppedClock(NOON),
        reactions=reactions(KEYS),
        last_writers=LAST_WRITERS,
        _engines=engines,
    )
    made = await build_provider(database, tmp_path_factory.mktemp("provider"))
    async with desk_streams(made.site.app):
        yield made
