"""One result per brand and night, shown to its client; only something worse takes its place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest

from portavoce.audit.isolation import MOST_TOLD, SHOWN, Failure, Found, breached, keep, nights
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from tests.database import NOON
from tests.minting import Minted, mint_brand

TONIGHT = NOON.date()
CLEAN = Found({"database": 10, "pages": 5}, [])
LEAK = Failure("pages", "GET /b/{brand}/interactions/{interaction_id}")
TORN = Found({"database": 10, "pages": 5}, [LEAK])
Kept = Callable[[date, Found], Awaitable[bool]]


@pytest.fixture
async def aurora(database: Database) -> Minted:
    return await mint_brand(database, "Aurora")


@pytest.fixture
def kept(database: Database, aurora: Minted) -> Kept:
    return lambda night, found: database.run(aurora.writing, lambda db: keep(db, night, found))


async def test_a_night_is_told_by_kind(database: Database, aurora: Minted, kept: Kept) -> None:
    assert await kept(TONIGHT, TORN)
    async with database.begin(aurora.reading) as db:
        [night] = await nights(db)
    assert (night.day, night.at, night.checks, night.refused, night.failures) == (TONIGHT, NOON, 15, 14, 1)
    assert [(each.kind, each.checks, each.failures) for each in night.kinds] == [
        ("database", 10, 0),
        ("pages", 5, 1),
    ]
    assert night.told == (LEAK,)


@pytest.mark.parametrize(
    ("first", "second", "failures"), [(CLEAN, CLEAN, 0), (CLEAN, TORN, 1), (TORN, CLEAN, 1), (TORN, TORN, 1)]
)
async def test_twice_in_a_night_is_one_result_and_a_failure_is_never_forgotten(
    database: Database, aurora: Minted, kept: Kept, first: Found, second: Found, failures: int
) -> None:
    await kept(TONIGHT, first)
    assert await kept(TONIGHT, second) is (failures > len(first.failures))
    async with database.begin(aurora.reading) as db:
        assert [night.failures for night in await nights(db)] == [failures]


async def test_the_newest_nights_come_first_and_not_without_end(
    database: Database, aurora: Minted, kept: Kept
) -> None:
    for ago in range(SHOWN + 2):
        await kept(TONIGHT - timedelta(days=ago), CLEAN)
    async with database.begin(aurora.reading) as db:
        shown = [night.day for night in await nights(db)]
    assert shown == [TONIGHT - timedelta(days=ago) for ago in range(SHOWN)]


async def test_a_long_list_of_failures_is_cut_and_counted(
    database: Database, aurora: Minted, kept: Kept
) -> None:
    await kept(TONIGHT, Found({"pages": 90}, [LEAK] * 50))
    async with database.begin(aurora.reading) as db:
        [night] = await nights(db)
    assert (len(night.told), night.failures) == (MOST_TOLD, 50)


async def test_brands_count_as_breached_until_a_clean_night(
    database: Database, aurora: Minted, kept: Kept
) -> None:
    bosco = await mint_brand(database, "Bosco")
    await kept(TONIGHT - timedelta(days=1), TORN)
    async with database.begin(Scope.reading([aurora.id, bosco.id])) as db:
        assert await breached(db) == {aurora.id: 1}
    await kept(TONIGHT, CLEAN)
    async with database.begin(Scope.reading([aurora.id, bosco.id])) as db:
        assert await breached(db) == {}


def test_two_parts_of_a_probe_add_up() -> None:
    both = Found({"database": 3}, [Failure("database", "customer")]) + TORN
    assert both.attempts == {"database": 13, "pages": 5}
    assert (both.missed("database"), both.missed("pages")) == (1, 1)
