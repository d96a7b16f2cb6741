"""The probes of production."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from redis.exceptions import ConnectionError as NoRedis

from portavoce.core.walls import APP
from portavoce.web.probes import disk_probe, migrations_probe, redis_probe
from tests.database import Installation


async def test_a_migrated_database_is_at_the_newest_schema(installation: Installation) -> None:
    newest = migrations_probe(installation.url(APP))
    assert [await newest(), await newest()] == [True, True]


async def test_without_redis_the_probe_raises() -> None:
    with pytest.raises(NoRedis):
        await redis_probe("redis://127.0.0.1:1/0")()


async def test_a_disk_without_room_for_the_next_mails_is_told(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    assert [await disk_probe(tmp_path, free // 2)(), await disk_probe(tmp_path, free * 2)()] == [True, False]
