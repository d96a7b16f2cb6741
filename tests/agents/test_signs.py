"""Signs of life, and their absence."""

from __future__ import annotations

from datetime import datetime, timedelta

from portavoce.agents.models import AgentSign
from portavoce.agents.signs import GONE_AFTER, NEWS, heard_of, is_gone
from portavoce.core.scope import HOUSE
from tests.floor import Floor


async def seen(floor: Floor) -> datetime | None:
    async with floor.database.begin(HOUSE) as db:
        sign = await db.get(AgentSign, floor.world.anna.agent_id)
    return sign.seen_at if sign else None


async def hear(floor: Floor) -> None:
    async with floor.database.begin(HOUSE) as db:
        await heard_of(db, floor.world.anna.person_id)


async def gone(floor: Floor) -> bool:
    async with floor.database.begin(HOUSE) as db:
        return await is_gone(db, floor.world.anna.agent_id)


async def test_silence_of_more_than_ten_minutes_is_absence(floor: Floor) -> None:
    assert not await gone(floor)  # of whom nothing was ever heard nobody can say so
    await hear(floor)
    floor.clock.advance(GONE_AFTER)
    assert not await gone(floor)
    floor.later(seconds=1)
    assert await gone(floor)
    await hear(floor)
    assert not await gone(floor)


async def test_the_latest_sign_counts_and_one_that_is_no_news_is_not_written(floor: Floor) -> None:
    await hear(floor)
    first = await seen(floor)
    floor.clock.advance(NEWS)
    await hear(floor)
    assert await seen(floor) == first
    floor.later(seconds=1)
    await hear(floor)
    assert await seen(floor) == floor.clock.now()
    floor.clock.move_to(floor.clock.now() - timedelta(minutes=2))  # another process, whose clock is behind
    await hear(floor)
    assert await seen(floor) == floor.clock.now() + timedelta(minutes=2)


async def test_of_people_who_do_not_work_here_nothing_is_kept(floor: Floor) -> None:
    async with floor.database.begin(HOUSE) as db:
        await heard_of(db, floor.world.elena)
    assert await seen(floor) is None
