"""Files that no row names go after a day; everything else stays."""

from __future__ import annotations

import os
from datetime import timedelta

from portavoce.core.storage import file_row
from portavoce.core.sweeping import sweep_files
from tests.world import World


async def test_only_an_old_file_without_a_row_is_swept(world: World) -> None:
    brand = world.aurora
    contents = {"named": b"named", "orphan": b"orphan", "fresh": b"fresh"}
    keys = {name: world.storage.save(brand.id, content) for name, content in contents.items()}
    async with world.database.begin(brand.writing) as db:
        named = file_row(db, keys["named"], contents["named"], "text/plain")
    long_ago = (world.database.clock.now() - timedelta(days=2)).timestamp()
    root = world.storage._root
    for name in ("named", "orphan"):
        os.utime(root / keys[name], (long_ago, long_ago))

    swept = await sweep_files(world.database, world.storage, brand.id)

    assert swept == 1
    assert not (root / keys["orphan"]).exists()
    assert world.storage.read(named) == b"named"
    assert (root / keys["fresh"]).read_bytes() == b"fresh"


async def test_another_brands_rows_do_not_keep_a_file(world: World) -> None:
    key = world.storage.save(world.bosco.id, b"same bytes")
    world.storage.save(world.aurora.id, b"same bytes")
    long_ago = (world.database.clock.now() - timedelta(days=2)).timestamp()
    os.utime(world.storage._root / key, (long_ago, long_ago))
    async with world.database.begin(world.aurora.writing) as db:
        file_row(db, key.replace(str(world.bosco.id), str(world.aurora.id)), b"same bytes", "text/plain")

    assert await sweep_files(world.database, world.storage, world.bosco.id) == 1
    assert world.storage.brands().count(world.aurora.id) == 1
