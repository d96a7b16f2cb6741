"""Attempts are counted one by one, whatever happens beside them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.identity.errors import TooManyAttempts
from portavoce.identity.models import Throttle
from portavoce.identity.throttling import Limit, admit, forgive, give_back, sweep
from portavoce.kit.clock import SteppedClock

THREE = Limit("test.three", 3, timedelta(minutes=15))
FIVE = Limit("test.five", 5, timedelta(minutes=15))


async def admitted(database: Database, *counted: tuple[Limit, str]) -> bool:
    try:
        await admit(database, *counted)
    except TooManyAttempts:
        return False
    return True


async def test_of_a_hundred_at_once_exactly_the_limit_is_let_through(database: Database) -> None:
    whom = uuid4().hex
    answers = await asyncio.gather(*[admitted(database, (FIVE, whom)) for _ in range(100)])
    assert sum(answers) == 5


async def test_a_rollback_around_it_loses_no_attempt(database: Database) -> None:
    whom = uuid4().hex

    async def refused() -> None:
        async with database.begin(HOUSE):
            await admit(database, (THREE, whom))
            raise ZeroDivisionError

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            await refused()
    assert not await admitted(database, (THREE, whom))


async def test_a_blocked_address_does_not_use_up_an_account(database: Database) -> None:
    account, address = uuid4().hex, uuid4().hex
    for _ in range(20):
        await admitted(database, (THREE, address), (FIVE, account))
    assert await admitted(database, (FIVE, account))
    assert await admitted(database, (FIVE, account))
    assert not await admitted(database, (FIVE, account))


async def test_a_new_window_starts_anew_and_says_when(database: Database, clock: SteppedClock) -> None:
    whom = uuid4().hex
    clock.advance(timedelta(minutes=14))
    for _ in range(3):
        await admit(database, (THREE, whom))
    with pytest.raises(TooManyAttempts) as refused:
        await admit(database, (THREE, whom))
    assert refused.value.fields["retry_after"] == "60"
    clock.advance(timedelta(minutes=1))
    assert await admitted(database, (THREE, whom))


async def test_success_forgets_an_account_and_gives_an_address_one_back(database: Database) -> None:
    account, address = uuid4().hex, uuid4().hex
    for _ in range(3):
        await admit(database, (THREE, account))
        await admit(database, (FIVE, address))
    async with database.begin(HOUSE) as db:
        await forgive(db, THREE, account)
        await give_back(db, FIVE, address)
    assert sum([await admitted(database, (THREE, account)) for _ in range(5)]) == 3
    assert sum([await admitted(database, (FIVE, address)) for _ in range(5)]) == 3


async def test_what_was_typed_is_not_stored(database: Database) -> None:
    word = uuid4().hex
    await admit(database, (THREE, f"my password {word}"))
    async with database.begin(HOUSE) as db:
        keys = (await db.scalars(select(Throttle.key))).all()
    assert not [key for key in keys if word in key or "my password" in key]


async def test_old_windows_are_swept(database: Database, clock: SteppedClock) -> None:
    await admit(database, (THREE, uuid4().hex))
    clock.advance(timedelta(days=2))
    async with database.begin(HOUSE) as db:
        await sweep(db)
        assert (await db.scalars(select(Throttle.key).where(Throttle.key.startswith("test.")))).all() == []
