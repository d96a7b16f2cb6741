"""However many take at once, and from however many processes: never more than the limit in one window."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from portavoce.brands import quotas
from portavoce.brands.limits import set_limit
from portavoce.brands.models import QuotaWindow
from portavoce.brands.quotas import LOTS, Allowance, charge, forget_windows, take, used
from portavoce.core.db import Database
from portavoce.core.errors import TooMany
from portavoce.kit.clock import SteppedClock
from tests.minting import Minted, mint_brand


async def take_one(database: Database, brand: Minted, limit: int) -> bool:
    async with database.begin(brand.writing) as db:
        return await take(db, "mails_minute", 1, limit)


async def used_of(database: Database, brand: Minted) -> dict[str, int]:
    async with database.begin(brand.reading) as db:
        return await used(db)


async def test_thirty_at_once_take_exactly_the_limit(database: Database) -> None:
    aurora = await mint_brand(database)
    taken = await asyncio.gather(*(take_one(database, aurora, 11) for _ in range(30)))
    assert sum(taken) == 11
    assert await used_of(database, aurora) == {"mails_minute": 11}


async def test_two_processes_together_hand_out_the_limit_and_not_one_more(database: Database) -> None:
    aurora = await mint_brand(database)
    limit = LOTS * 2 + 3
    processes = [Allowance(database, "mails_minute") for _ in range(2)]
    spent = await asyncio.gather(*(processes[n % 2].spend(aurora.id, limit) for n in range(limit + 20)))
    assert sum(spent) == limit
    assert all(each.is_used_up(aurora.id) for each in processes)


async def test_postgres_is_asked_once_a_lot_and_not_once_a_mail(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    aurora, asked = await mint_brand(database), 0
    limit = LOTS * 10

    async def counting(*given: object) -> bool:
        nonlocal asked
        asked += 1
        return await take(*given)  # type: ignore[arg-type]  # -- handed on as they came

    monkeypatch.setattr(quotas, "take", counting)
    allowance = Allowance(database, "mails_minute")
    assert all([await allowance.spend(aurora.id, limit) for _ in range(limit // 2)])
    assert asked == LOTS // 2


async def test_a_new_window_begins_anew_and_one_brand_uses_up_nothing_of_another(
    database: Database, clock: SteppedClock
) -> None:
    aurora, bosco = await mint_brand(database), await mint_brand(database, "Bosco")
    allowance = Allowance(database, "mails_minute")
    assert [await allowance.spend(aurora.id, 1) for _ in range(2)] == [True, False]
    assert await allowance.spend(bosco.id, 1)
    clock.advance(timedelta(minutes=1))
    assert await allowance.spend(aurora.id, 1)


async def test_beyond_the_limit_it_is_said_when_to_come_again(
    database: Database, clock: SteppedClock
) -> None:
    aurora = await mint_brand(database)
    async with database.begin(aurora.writing) as db:
        await set_limit(db, "exports_hour", 2, by="admin")
    clock.advance(timedelta(minutes=20))
    for _ in range(2):
        await charge(database, aurora.id, "exports_hour")
    with pytest.raises(TooMany) as refused:
        await charge(database, aurora.id, "exports_hour")
    assert refused.value.fields == {"retry_after": str(40 * 60)}


async def test_windows_of_yesterday_are_forgotten(database: Database, clock: SteppedClock) -> None:
    aurora = await mint_brand(database)
    await take_one(database, aurora, 5)
    clock.advance(timedelta(days=2))
    await take_one(database, aurora, 5)
    async with database.begin(aurora.writing) as db:
        await forget_windows(db)
        left = (await db.scalars(select(QuotaWindow.window_start))).all()
    assert left == [clock.now()]
