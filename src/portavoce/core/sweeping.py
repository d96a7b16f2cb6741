"""Files whose transaction never committed have no row; after a day nobody can be about to write one."""

from __future__ import annotations

import asyncio
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
        async with database.begin(Scope.reading({brand_id})) as db:
            known = set((await db.scalars(select(StoredFile.key).where(StoredFile.key.in_(keys)))).all())
        for key in set(keys) - known:
            await asyncio.to_thread(storage.remove, key)
            swept += 1
    return swept
