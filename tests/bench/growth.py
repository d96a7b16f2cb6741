"""G6 and the growth curves: what an agent's queue costs when the house around it grows ten and a hundred times."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import psycopg
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.desk_queries import queue_of_brands
from tests.bench import floor
from tests.bench.buffers import touched
from tests.bench.measuring import Round, in_turn
from tests.bench.queue_page import HOST, annas_pages, pages
from tests.bench.results import Curve, Results
from tests.bench.seeding import SEEDS
from tests.bench.stage import Stage

STEPS = (1, 10, 100)
WAITING = 50


async def measure(stage: Stage, results: Results, axes: tuple[str, ...]) -> None:
    bare = stage.floor_dsn()
    brands: list[object] = ["00000000-0000-0000-0000-000000000001"]
    await floor.prepare(bare, brands, floor.ROWS)
    async with floor.queue_app(bare, brands) as app:
        for axis in axes:
            await _grow(stage, results, axis, pages(app, "/queue", HOST))


async def _grow(stage: Stage, results: Results, axis: str, floor_pages: Round) -> None:
    seed, at_first = SEEDS[axis]
    town = await stage.town(stage.installation(), waiting=WAITING)
    buffers, ratios, there = [], [], 0
    for step in STEPS:
        with psycopg.connect(town.installation.superuser_dsn, autocommit=True) as superuser:
            seed(superuser, town.world.aurora.id, there, at_first * step)
            superuser.execute("VACUUM ANALYZE")
        there = at_first * step
        buffers.append(await touched(town.installation, town.world.database, [town.world.aurora.id], _queue))
        rounds = {"ours": await annas_pages(town), "floor": floor_pages}
        costs = await in_turn(rounds, postmaster=stage.postmaster, repeats=2)
        ratios.append(costs["ours"].cpu / costs["floor"].cpu)
    sizes = tuple(at_first * step for step in STEPS)
    results.curves += [
        Curve(axis, "buffers of one brand's queue", sizes, tuple(buffers)),
        Curve(axis, "queue page ÷ floor, CPU", sizes, tuple(ratios)),
    ]
    if axis == "brands":
        for times, at_most, now in ((10, 1.15, 1), (100, 1.3, 2)):
            results.find(
                "G6", f"buffers of one queue at {times} × brands", buffers[now] / buffers[0], at_most=at_most
            )
            results.find(
                "G6", f"page CPU ÷ floor's at {times} × brands", ratios[now] / ratios[0], at_most=1.3
            )


async def _queue(db: AsyncSession, brands: Sequence[UUID]) -> object:
    return await queue_of_brands(db, brands, WAITING)
