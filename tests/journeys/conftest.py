from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from portavoce.core.paths import frontend_dir
from portavoce.web import assets
from portavoce.wiring import thread_keys
from tests.database import Installation
from tests.journeys.town import Town, running_town
from tests.web.browser import chromium
from tests.world import World, build_world


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def the_town(install: Callable[[], Installation]) -> AsyncIterator[Town]:
    """One installation for all journeys; each brings brands of its own."""
    assets.build(frontend_dir())
    home = Path(tempfile.mkdtemp(prefix="portavoce-town-"))
    home.chmod(0o755)
    async with running_town(install(), home) as found:
        yield found
    shutil.rmtree(home, ignore_errors=True)


@pytest_asyncio.fixture
async def town(the_town: Town) -> AsyncIterator[Town]:
    """The installation, in which no process may log an error meanwhile."""
    before = len(the_town.complaints())
    yield the_town
    the_town.sink.replies.clear()
    assert the_town.complaints()[before:] == []


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as found:
        yield found


@pytest.fixture
async def peopled(town: Town) -> World:
    """Aurora and Bosco, Anna of both and Bruno of Aurora, made by the verbs instead of the screens."""
    return await build_world(town.database, town.settings.files_dir, thread_keys(town.settings))
