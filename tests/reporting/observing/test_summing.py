from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from portavoce.core.db import Database
from portavoce.core.errors import NoScope
from portavoce.reporting.models import Tally
from portavoce.reporting.observing.changes import NOBODY, Sum
from portavoce.reporting.observing.summing import add_to_sums
from portavoce.reporting.observing.units import NO_CLAUSE
from tests.database import NOON
from tests.minting import Minted, mint_brand
from tests.reporting.reading import reading

ONE = [1, 1, 1, 0, 0, 60, 5]


def key(brand: Minted, code: str = "") -> Sum:
    return Sum("day", NOON, "contact", NO_CLAUSE, brand.lob_id, "email", code, NOBODY)


async def sums(database: Database, brand: Minted) -> dict[str, tuple[int, ...]]:
    query = select(Tally.code, Tally.units, Tally.ended, Tally.used_s, Tally.with_client_s)
    async with reading(database, brand) as db:
        return {
            row.code: (row.units, row.ended, row.used_s, row.with_client_s) for row in await db.execute(query)
        }


async def add(database: Database, brand: Minted, *changes: tuple[str, list[int]]) -> None:
    async with database.begin(brand.writing) as db:
        await add_to_sums(db, {key(brand, code): counts for code, counts in changes})


async def test_sums_grow_where_they_stand_whoever_adds_at_the_same_time(
    ledger: Database, aurora: Minted
) -> None:
    await asyncio.gather(*(add(ledger, aurora, ("a", ONE), ("b", ONE)) for _ in range(8)))
    assert await sums(ledger, aurora) == {"a": (8, 8, 480, 40), "b": (8, 8, 480, 40)}


async def test_a_sum_of_nothing_is_gone(ledger: Database, aurora: Minted) -> None:
    await add(ledger, aurora, ("a", ONE), ("b", ONE))
    await add(ledger, aurora, ("a", [-each for each in ONE]), ("b", ONE))
    assert await sums(ledger, aurora) == {"b": (2, 2, 120, 10)}


async def test_each_brand_has_its_own_and_nobody_adds_without_one(ledger: Database, aurora: Minted) -> None:
    bosco = await mint_brand(ledger, "Bosco")
    await add(ledger, aurora, ("a", ONE))
    assert await sums(ledger, bosco) == {}
    async with ledger.begin(aurora.reading) as db:
        with pytest.raises(NoScope):
            await add_to_sums(db, {key(aurora): ONE})
