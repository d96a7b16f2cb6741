"""Quotas counted in PostgreSQL, in windows of time: one conditional statement, so two takers never exceed the limit.

Counting every mail there would make one row per brand hot on the way in. So a process takes mails in lots, a
twentieth of the limit at a time, and hands them out itself: the row is touched twenty times a minute at most, and
what all processes took together is still never more than the limit. A process that dies loses what it had of a lot.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.limits import limits_of
from portavoce.brands.models import QuotaWindow
from portavoce.core import metrics
from portavoce.core.db import Database
from portavoce.core.errors import TooMany
from portavoce.core.scope import Scope
from portavoce.core.unit import now, written_brand

LOTS = 20
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LENGTHS = {"mails_minute": MINUTE, "exports_hour": HOUR}
KEPT = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def window_start(name: str, at: datetime) -> datetime:
    return _EPOCH + (at - _EPOCH) // LENGTHS[name] * LENGTHS[name]


async def take(db: AsyncSession, name: str, wanted: int, limit: int) -> bool:
    """Take `wanted` of the present window, all or none."""
    if wanted > limit:
        return False
    statement = insert(QuotaWindow).values(
        brand_id=written_brand(db), name=name, window_start=window_start(name, now(db)), used=wanted
    )
    taken = statement.on_conflict_do_update(
        index_elements=["brand_id", "name", "window_start"],
        set_={"used": QuotaWindow.used + wanted},
        where=QuotaWindow.used + wanted <= limit,
    ).returning(QuotaWindow.used)
    return (await db.execute(taken)).one_or_none() is not None


async def used(db: AsyncSession) -> dict[str, int]:
    """What was taken of the present windows of the one brand in scope."""
    at = now(db)
    present = {name: window_start(name, at) for name in LENGTHS}
    query = select(QuotaWindow.name, QuotaWindow.window_start, QuotaWindow.used).where(
        QuotaWindow.window_start.in_(set(present.values()))
    )
    return {name: count for name, start, count in await db.execute(query) if present.get(name) == start}


async def forget_windows(db: AsyncSession) -> None:
    await db.execute(delete(QuotaWindow).where(QuotaWindow.window_start < now(db) - KEPT))


async def charge(database: Database, brand_id: UUID, name: str) -> None:
    """One of the quota, in a transaction of its own: no rollback gives it back. TooMany says when to come again."""
    async with database.begin(Scope.writing(brand_id)) as db:
        taken = await take(db, name, 1, (await limits_of(db))[name])
    if not taken:
        metrics.REFUSALS.labels(name).inc()
        ends = window_start(name, database.clock.now()) + LENGTHS[name]
        wait = max(1, int((ends - database.clock.now()).total_seconds()))
        raise TooMany("This brand's limit is reached. Try again later.", retry_after=str(wait))


@dataclass(slots=True)
class _Lot:
    start: datetime
    left: int = 0
    is_used_up: bool = False


@dataclass(slots=True)
class Allowance:
    """One process's part of a quota, brand by brand."""

    database: Database
    name: str
    _lots: dict[UUID, _Lot] = field(default_factory=dict)
    _locks: defaultdict[UUID, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    def is_used_up(self, brand_id: UUID) -> bool:
        """As far as this process knows; asks nobody."""
        lot = self._present(brand_id)
        return lot.is_used_up and not lot.left

    async def spend(self, brand_id: UUID, limit: int) -> bool:
        """One of the quota. False until the window ends."""
        async with self._locks[brand_id]:
            lot = self._present(brand_id)
            if not lot.left and not lot.is_used_up:
                lot.left = await self._draw(brand_id, limit)
                lot.is_used_up = not lot.left
            if not lot.left:
                return False
            lot.left -= 1
            return True

    def _present(self, brand_id: UUID) -> _Lot:
        start = window_start(self.name, self.database.clock.now())
        lot = self._lots.get(brand_id)
        if lot is None or lot.start != start:
            lot = self._lots[brand_id] = _Lot(start)
        return lot

    async def _draw(self, brand_id: UUID, limit: int) -> int:
        """A whole lot, or the last ones one by one."""
        for wanted in sorted({max(1, limit // LOTS), 1}, reverse=True):
            async with self.database.begin(Scope.writing(brand_id)) as db:
                if await take(db, self.name, wanted, limit):
                    return wanted
        return 0
