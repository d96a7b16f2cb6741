"""G5: a word among the messages of one brand, and what the messages of all other brands add to it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import psycopg
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.search.finding import find
from tests.bench import floor
from tests.bench.buffers import touched
from tests.bench.measuring import in_turn
from tests.bench.queue_page import HOST, annas_pages, pages
from tests.bench.results import Results
from tests.bench.seeding import enter_words, seed_brands, seed_conversations
from tests.bench.stage import Stage

OWN = 2_000
"""Messages of the brand that is asked; one in twenty has the word."""
OTHERS = (5, 50)
"""Brands beside it, of a hundred messages each."""
WORD = "guasto7"
PAGE = f"/desk/search?q={WORD}"
AT_MOST = 11.7
"""A twenty-fifth of Request Tracker's 498 ms, by the 1.7 ms of the floor that was measured beside it."""


async def measure(stage: Stage, results: Results) -> None:
    bare = stage.floor_dsn()
    brands: list[object] = ["00000000-0000-0000-0000-000000000001"]
    await floor.prepare(bare, brands, floor.ROWS)
    town = await stage.town(stage.installation())
    aurora, there, buffers, ratios = town.world.aurora, 0, [], []
    async with floor.queue_app(bare, brands) as app:
        for others in OTHERS:
            with psycopg.connect(town.installation.superuser_dsn, autocommit=True) as superuser:
                if not there:
                    seed_conversations(superuser, aurora.id, 0, OWN)
                seed_brands(superuser, aurora.id, there, others)
                enter_words(superuser)
                superuser.execute("VACUUM ANALYZE")
            there = others
            buffers.append(await touched(town.installation, town.world.database, [aurora.id], _search))
            rounds = {"ours": await annas_pages(town, PAGE), "floor": pages(app, "/queue", HOST)}
            costs = await in_turn(rounds, postmaster=stage.postmaster, repeats=2)
            ratios.append(costs["ours"].cpu / costs["floor"].cpu)
    results.find("G5", "search page ÷ floor's list, CPU", ratios[0], at_most=AT_MOST)
    results.find(
        "G5", "buffers of one brand's search at 10 × other brands", buffers[1] / buffers[0], at_most=1.2
    )
    results.find("G5", "search page ÷ floor's at 10 × other brands", ratios[1] / ratios[0], at_most=1.2)
    results.figure(f"a word of one message in twenty among {OWN:,}", f"{buffers[0]:.0f} buffers")


async def _search(db: AsyncSession, brands: Sequence[UUID]) -> object:
    found = await find(db, brands[0], WORD, kinds=("message",), at_most=10)
    assert len(found) == 10, "the word is there"
    return found
