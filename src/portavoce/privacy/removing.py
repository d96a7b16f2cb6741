"""Once a day what is past its period goes, brand by brand. Run twice it removes nothing more."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.resolving import all_brand_ids
from portavoce.core.db import DISPATCH, Database
from portavoce.core.logs import about
from portavoce.core.scope import HOUSE
from portavoce.core.storage import Storage
from portavoce.privacy.brand_data import remove_of_brand
from portavoce.privacy.house_data import remove_of_house
from portavoce.privacy.models import RetentionRun
from portavoce.privacy.periods import DAY, due_at

LOG = structlog.get_logger()
CUT_OFF_AFTER = timedelta(hours=2)
"""A run that began so long ago and did not end was cut off; another timer may take it over."""


class Run(NamedTuple):
    """`removed`: how many, by the name of the period."""

    due_at: datetime
    started_at: datetime
    ended_at: datetime | None
    removed: Mapping[str, int]


async def remove_if_due(database: Database, storage: Storage) -> bool:
    """Run what is due and nobody runs. One brand's trouble is logged and does not keep the others."""
    due = due_at(database.clock.now())
    if not await _claim(database, due):
        return False
    removed = Counter(await remove_of_house(database))
    async with database.begin(HOUSE, role=DISPATCH) as db:
        brands = await all_brand_ids(db)
    for brand_id in brands:
        with about(brand=str(brand_id)):
            try:
                found = await remove_of_brand(database, storage, brand_id)
            except Exception:
                LOG.exception("a brand's removal failed", brand=str(brand_id))
                continue
            LOG.info("removed what was past its period", brand=str(brand_id), removed=found)
            removed.update(found)
    await _end(database, due, dict(removed))
    LOG.info("removal ended", removed=dict(removed))
    return True


async def last_run(db: AsyncSession) -> Run | None:
    query = select(
        RetentionRun.due_at, RetentionRun.started_at, RetentionRun.ended_at, RetentionRun.removed
    ).order_by(RetentionRun.due_at.desc())
    row = (await db.execute(query.limit(1))).one_or_none()
    return row and Run(row[0], row[1], row[2], json.loads(row[3]))


def next_run(now: datetime) -> datetime:
    return due_at(now) + DAY


async def _claim(database: Database, due: datetime) -> bool:
    """The first to write the row runs; a run that was cut off goes to the first who takes it over."""
    at = database.clock.now()
    mine = insert(RetentionRun).values(due_at=due, started_at=at, removed="{}")
    stale = (RetentionRun.ended_at.is_(None), RetentionRun.started_at < at - CUT_OFF_AFTER)
    taken = mine.on_conflict_do_update(
        index_elements=["due_at"], set_={"started_at": at}, where=stale[0] & stale[1]
    ).returning(RetentionRun.due_at)
    async with database.begin(HOUSE) as db:
        return (await db.execute(taken)).one_or_none() is not None


async def _end(database: Database, due: datetime, removed: dict[str, int]) -> None:
    async with database.begin(HOUSE) as db:
        run = update(RetentionRun).where(RetentionRun.due_at == due)
        await db.execute(run.values(ended_at=database.clock.now(), removed=json.dumps(removed)))
