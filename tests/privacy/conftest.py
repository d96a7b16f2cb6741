from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.wiring import LAST_WRITERS, reactions
from tests.database import Installation
from tests.world import KEYS, World, build_world


@pytest_asyncio.fixture
async def alone(empty_database: Installation, clock: SteppedClock, tmp_path: Path) -> AsyncIterator[World]:
    """A world in a database of its own: what removes by age goes through all brands there are."""
    database = Database(
        empty_database.urls, clock, reactions=reactions(KEYS), last_writers=LAST_WRITERS,
        engine_options={"pool_size": 3},
    )  # fmt: skip
    yield await build_world(database, tmp_path / "files")
    await database.close()
