"""A real Redis for tests, on a socket of its own, emptied before each test that asks for it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from portavoce.core.embedded.redis import RedisServer, ensure_running, stop


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    home = Path(tempfile.mkdtemp(prefix="portavoce-redis-"))
    home.chmod(0o755)
    server = ensure_running(home)
    try:
        yield server
    finally:
        stop(server)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def broker(redis_server: RedisServer) -> str:
    """Its URL."""
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()
    return redis_server.url
