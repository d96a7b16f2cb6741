"""The probes of production."""

from __future__ import annotations

import pytest
from redis.exceptions import ConnectionError as NoRedis

from portavoce.core.walls import APP
from portavoce.web.probes import migrations_probe, redis_probe
from tests.database import Installation


async def test_a_migrated_database_is_at_the_newest_schema(installation: Installation) -> None:
    newest = migrations_probe(installation.url(APP))
    assert [await newest(), await newest()] == [True, True]


async def test_without_redis_the_probe_raises() -> None:
    with pytest.raises(NoRedis):
        await redis_probe("redis://127.0.0.1:1/0")()
