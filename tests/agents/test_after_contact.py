"""Timed after-contact work, as the agent's own rows know it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from portavoce.agents.after_contact import acw_ended, any_over, begin_acw, end_acw, over_among
from portavoce.agents.choosing import choose_state
from portavoce.agents.timeline import lock_slot, settle
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.kit.clock import SteppedClock
from tests.agents.staff import add_staff
from tests.database import NOON

MINUTE = timedelta(minutes=1)


async def test_it_is_the_state_until_it_ends_and_a_new_one_ends_the_one_before(
    database: Database, clock: SteppedClock
) -> None:
    agent, first, second = await add_staff(database), uuid4(), uuid4()
    async with database.begin(HOUSE) as db:
        await choose_state(db, agent, "ready")
        slot = await lock_slot(db, agent)
        await begin_acw(db, slot, first, NOON + MINUTE)
        settle(db, slot)
    assert slot.state == "acw"
    clock.advance(MINUTE / 2)
    async with database.begin(HOUSE) as db:
        slot = await lock_slot(db, agent)
        await begin_acw(db, slot, second, NOON + 2 * MINUTE)
        settle(db, slot)
        assert await over_among(db, [first, second]) == {first}
    async with database.begin(HOUSE) as db:
        slot = await lock_slot(db, agent)
        await end_acw(db, slot)
        settle(db, slot)
    assert (slot.state, slot.acw_until) == ("ready", None)


async def test_it_ended_when_it_was_ended_and_never_after_its_time(
    database: Database, clock: SteppedClock
) -> None:
    agent, early, late = await add_staff(database), uuid4(), uuid4()
    clock.advance(-MINUTE)
    for acw_id, passed in ((early, MINUTE / 2), (late, 3 * MINUTE)):
        async with database.begin(HOUSE) as db:
            begun = database.clock.now()
            await begin_acw(db, await lock_slot(db, agent), acw_id, begun + MINUTE)
        clock.advance(passed)
        async with database.begin(HOUSE) as db:
            await end_acw(db, await lock_slot(db, agent))
        async with database.begin(HOUSE) as db:
            asked = database.clock.now() + MINUTE
            assert await acw_ended(db, acw_id, asked) == begun + min(passed, MINUTE)
            assert await acw_ended(db, acw_id, asked) == asked
            assert await over_among(db, [acw_id]) == {acw_id}


async def test_the_engine_is_told_once_something_is_over(database: Database, clock: SteppedClock) -> None:
    agent, acw_id = await add_staff(database), uuid4()
    async with database.begin(HOUSE) as db:
        await begin_acw(db, await lock_slot(db, agent), acw_id, clock.now() + MINUTE)
    async with database.begin(HOUSE) as db:
        assert await over_among(db, [acw_id]) == set()
    clock.advance(MINUTE)
    async with database.begin(HOUSE) as db:
        assert await any_over(db)
        assert await over_among(db, [acw_id]) == {acw_id}
