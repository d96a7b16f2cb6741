"""G7: the queue of somebody who works forty brands, as their contacts and the house around them grow."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import psycopg
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.desk_queries import queue_of_brands
from portavoce.web.desk.items import room_for_each
from tests.bench.buffers import touched
from tests.bench.results import Results
from tests.bench.seeding import CONVERSATIONS_A_BRAND, seed_brands, seed_more
from tests.bench.stage import Stage, Town

HELD = 40


async def measure(stage: Stage, results: Results) -> None:
    town = await stage.town(stage.installation())
    brands = _seed(town, 0, HELD)
    few = await _buffers(town, brands[: HELD // 4])
    all_ = await _buffers(town, brands)
    _seed(town, HELD, HELD * 10)
    among_more = await _buffers(town, brands)
    with psycopg.connect(town.installation.superuser_dsn, autocommit=True) as superuser:
        seed_more(superuser, brands, CONVERSATIONS_A_BRAND, CONVERSATIONS_A_BRAND * 10)
        superuser.execute("VACUUM ANALYZE")
    grown = await _buffers(town, brands)
    results.find("G7", f"buffers of the queue of {HELD} brands", all_, at_most=2_200)
    results.find("G7", "the same at 10 × contacts in each", grown / among_more, at_most=1.2)
    results.find("G7", "the same at 10 × brands in the house", among_more / all_, at_most=1.2)
    results.find("G7", f"buffers a brand, {HELD} ÷ {HELD // 4} held", all_ / few / 4, at_most=1.2)


def _seed(town: Town, since: int, until: int) -> list[UUID]:
    """The seeded brands, all that there are."""
    with psycopg.connect(town.installation.superuser_dsn, autocommit=True) as superuser:
        seed_brands(superuser, town.world.aurora.id, since, until)
        superuser.execute("VACUUM ANALYZE")
        rows = superuser.execute("SELECT id FROM pv.brand WHERE slug LIKE 'seeded-%' ORDER BY id")
        return [id_ for (id_,) in rows.fetchall()]


async def _buffers(town: Town, brands: Sequence[UUID]) -> float:
    return await touched(town.installation, town.world.database, brands, _queue)


async def _queue(db: AsyncSession, brands: Sequence[UUID]) -> object:
    return await queue_of_brands(db, brands, room_for_each(len(brands)))
