"""One mailing to each person of a schedule for each period, whoever runs it and however often."""

from __future__ import annotations

import asyncio
from functools import partial

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.mailing.running import run_schedules
from portavoce.reporting.mailing.schedules import Wish, end_schedule, make_schedule
from tests.database import NOON
from tests.minting import mint_brand
from tests.reporting.mailing.conftest import DAY, HOUR, Post, reader


async def test_a_schedule_begins_with_its_next_turn(post: Post) -> None:
    await post.schedule("carla", "rosa")
    assert await post.begin() == 0
    post.clock.move_to(NOON + 19 * HOUR)
    assert [await post.begin() for _ in range(3)] == [2, 0, 0]
    assert {(each.period, each.state) for each in await post.mailings()} == {("2026-03-02", "waiting")}


async def test_two_workers_begin_it_once(post: Post) -> None:
    await post.schedule("carla", "rosa")
    post.clock.advance(DAY)
    assert sum(await asyncio.gather(*[post.begin() for _ in range(6)])) == 2
    assert len(await post.mailings()) == 2


async def test_missed_turns_are_made_up_by_one(post: Post) -> None:
    await post.schedule("carla")
    post.clock.advance(5 * DAY)
    assert await post.begin() == 1
    assert [each.period for each in await post.mailings()] == ["2026-03-06"]


async def test_each_rhythm_tells_of_the_stretch_before(post: Post) -> None:
    await post.schedule("carla", rhythm="weekly")
    await post.schedule("carla", rhythm="monthly")
    post.clock.move_to(NOON + 30 * DAY)
    await post.begin()
    assert {each.period for each in await post.mailings()} == {"2026-W13", "2026-03"}


async def test_a_schedule_that_ended_begins_nothing(post: Post) -> None:
    schedule = await post.schedule("carla")
    by = post.people["rosa"]
    await post.database.run(post.aurora.writing, lambda db: end_schedule(db, schedule, person_id=by))
    post.clock.advance(DAY)
    assert await post.begin() == 0


async def test_every_brand_has_its_turn(quiet_ledger: Database, clock: SteppedClock) -> None:
    for name in ("Aurora", "Bosco"):
        brand = await mint_brand(quiet_ledger, name)
        person = await reader(quiet_ledger, "Carla Neri", brand)
        wish = Wish("daily", 0, ["pdf"], "it", [person])
        await quiet_ledger.run(brand.writing, partial(make_schedule, wish=wish, person_id=person))
    clock.advance(DAY)
    assert await run_schedules(quiet_ledger) == 2
    assert await run_schedules(quiet_ledger) == 0
