"""Sessions as rows."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.identity.models import Person, UserSession
from portavoce.identity.sessions import (
    IDLE,
    LIFETIME,
    SEEN_STEP,
    end_session,
    end_sessions_of,
    hashed,
    open_session,
    person_of_session,
)
from portavoce.kit.clock import SteppedClock


async def opened(database: Database, anna: Person) -> str:
    async with database.begin(HOUSE) as db:
        return hashed(open_session(db, anna.id, "192.0.2.1"))


async def live(database: Database, session_id: str) -> bool:
    async with database.begin(HOUSE) as db:
        return await person_of_session(db, session_id) is not None


async def test_two_sessions_never_share_a_secret(database: Database, anna: Person) -> None:
    assert len({await opened(database, anna) for _ in range(20)}) == 20


async def test_idle_and_lifetime_end_a_session(database: Database, anna: Person, clock: SteppedClock) -> None:
    one = await opened(database, anna)
    clock.advance(IDLE - timedelta(seconds=1))
    assert await live(database, one)
    clock.advance(IDLE)
    assert not await live(database, one)
    busy = await opened(database, anna)
    for _ in range(int(LIFETIME / timedelta(minutes=20)) - 1):
        clock.advance(timedelta(minutes=20))
        assert await live(database, busy)
    clock.advance(timedelta(minutes=20))
    assert not await live(database, busy)


async def test_being_seen_is_written_once_a_minute_at_most(
    database: Database, anna: Person, clock: SteppedClock
) -> None:
    one, start = await opened(database, anna), clock.now()
    seen = []
    for step in (SEEN_STEP, timedelta(seconds=1)):
        clock.advance(step)
        await live(database, one)
        async with database.begin(HOUSE) as db:
            seen.append((await db.scalars(select(UserSession.seen_at).where(UserSession.id == one))).one())
    assert seen == [start, clock.now()]


async def test_one_session_ends_alone_and_all_but_one_together(database: Database, anna: Person) -> None:
    first, second, third = [await opened(database, anna) for _ in range(3)]
    async with database.begin(HOUSE) as db:
        await end_session(db, first)
    assert [await live(database, each) for each in (first, second, third)] == [False, True, True]
    async with database.begin(HOUSE) as db:
        await end_sessions_of(db, anna.id, but=third)
    assert [await live(database, each) for each in (second, third)] == [False, True]
