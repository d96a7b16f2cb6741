from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from portavoce.core.config import Settings
from portavoce.core.db import Database
from portavoce.core.embedded import redis as embedded
from portavoce.core.embedded.redis import RedisServer
from portavoce.core.embedded.removal import remove_data
from portavoce.core.push import Publisher
from portavoce.kit.clock import SystemClock
from portavoce.wiring import open_database
from tests.database import Installation
from tests.web.live.serving import WebProcess


@pytest.fixture(scope="session")
def redis_home() -> Iterator[Path]:
    """A folder that any account may enter; pytest's own are private to us."""
    with tempfile.TemporaryDirectory(prefix="portavoce-") as parent:
        Path(parent).chmod(0o755)
        home = Path(parent) / "home"
        yield home
        remove_data(home)


@pytest.fixture(scope="session")
def redis_server(redis_home: Path) -> Iterator[RedisServer]:
    """A Redis of the session; tests that take it away start it again."""
    server = embedded.ensure_running(redis_home)
    yield server
    embedded.stop(server)


@pytest.fixture
def live_settings(tmp_path: Path, redis_server: RedisServer) -> Settings:
    return Settings(home=tmp_path, redis_url=redis_server.url)


@pytest.fixture
async def live_database(live_settings: Settings, installation: Installation) -> AsyncIterator[Database]:
    """What another process (an engine, a worker) writes with: the real time, pokes through Redis."""
    publisher = Publisher(live_settings.redis_url)
    database = open_database(
        live_settings, clock=SystemClock(), publish=publisher.publish, urls=installation.urls
    )
    yield database
    await publisher.close()
    await database.close()


@pytest.fixture
async def web(live_settings: Settings, installation: Installation) -> AsyncIterator[WebProcess]:
    process = WebProcess(live_settings.home, live_settings.redis_url, installation.urls)
    await asyncio.to_thread(process.start)
    yield process
    await asyncio.to_thread(process.close)
