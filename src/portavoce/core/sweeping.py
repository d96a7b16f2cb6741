"""Files whose transaction never committed have no row; after a day nobody can be about to write one."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portavoce.core.db import Database
from portavoce.core.models import StoredFile
from portavoce.core.scope import Scope
from portavoce.core.storage import Storage

ORPHANED_AFTER = timedelta(hours=24)
BATCH = 500


async def sweep_files(database: Database, storage: Storage, brand_id: UUID) -> int:
    """Delete the brand's files older than a day that no row names; returns how many."""
    before = database.clock.now() - ORPHANED_AFTER
    old = await asyncio.to_thread(storage.older_than, brand_id, before)
    swept = 0
    for keys in (old[start : start + BATCH] for start in range(0, len(old), BATCH)):
        swept += await _remove_nameless(database, storage, brand_id, keys)
    return swept


async def forget_files(database: Database, storage: Storage, brand_id: UUID, keys: Collection[str]) -> int:
    """Delete those of the brand's files that lost their last row. A file written again lately is left to the sweep."""
    if not keys:
        return 0
    before = database.clock.now() - ORPHANED_AFTER
    old = [key for key in set(keys) if await asyncio.to_thread(storage.is_older_than, key, before)]
    return await _remove_nameless(database, storage, brand_id, old)


async def _remove_nameless(
    database: Database, storage: Storage, brand_id: UUID, keys: Collection[str]
) -> int:
    async with database.begin(Scope.reading({brand_id})) as db:
        known = set((await db.scalars(select(StoredFile.key).where(StoredFile.key.in_(keys)))).all())
    nameless = set(keys) - known
    for key in nameless:
        await asyncio.to_thread(storage.remove, key)
    return len(nameless)
