"""One-time links by themselves."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.identity.errors import LinkUsed
from portavoce.identity.models import LoginToken, Person
from portavoce.identity.tokens import LIFETIMES, holder, issue, spend, spend_all
from portavoce.kit.clock import SteppedClock


async def made(database: Database, person: Person, purpose: str = "invitation") -> str:
    async with database.begin(HOUSE) as db:
        return await issue(db, person.id, purpose)


async def usable(database: Database, token: str, purpose: str = "invitation") -> bool:
    try:
        async with database.begin(HOUSE) as db:
            await holder(db, token, purpose)
    except LinkUsed:
        return False
    return True


async def test_the_secret_itself_is_stored_nowhere(database: Database, anna: Person) -> None:
    token = await made(database, anna)
    async with database.begin(HOUSE) as db:
        ids = (await db.scalars(select(LoginToken.id).where(LoginToken.person_id == anna.id))).all()
    assert len(ids) == 1
    assert token not in ids
    assert len(token) >= 43


@pytest.mark.parametrize("purpose", ["invitation", "reset"])
async def test_a_link_lives_as_long_as_its_purpose_says(
    database: Database, anna: Person, clock: SteppedClock, purpose: str
) -> None:
    token = await made(database, anna, purpose)
    clock.advance(LIFETIMES[purpose] - timedelta(seconds=1))
    assert await usable(database, token, purpose)
    clock.advance(timedelta(seconds=1))
    assert not await usable(database, token, purpose)


async def test_of_many_at_once_one_spends_it(database: Database, anna: Person) -> None:
    token = await made(database, anna)

    async def use() -> bool:
        try:
            async with database.begin(HOUSE) as db:
                await spend(db, token, "invitation")
        except LinkUsed:
            return False
        return True

    assert sum(await asyncio.gather(*[use() for _ in range(12)])) == 1


async def test_a_link_for_one_purpose_is_none_for_another(database: Database, anna: Person) -> None:
    assert not await usable(database, await made(database, anna, "reset"), "invitation")


async def test_a_newer_link_and_a_decision_end_the_older(database: Database, anna: Person) -> None:
    first, second = await made(database, anna), await made(database, anna)
    assert [await usable(database, first), await usable(database, second)] == [False, True]
    async with database.begin(HOUSE) as db:
        await spend_all(db, anna.id, "invitation", "reset")
    assert not await usable(database, second)
