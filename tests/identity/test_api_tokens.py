"""A token is good for one brand, for a time, and only as long as who made it may make one."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from portavoce.brands.models import Endpoint
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.core.unit import new_id, now
from portavoce.identity.api_tokens import (
    KIND,
    MOST,
    bearer_of,
    make_token,
    revoke_token,
    tokens_of,
)
from portavoce.identity.errors import BadToken, NoToken, TooManyTokens
from portavoce.identity.granting import grant, revoke
from portavoce.identity.models import AccessGrant, Person
from portavoce.kit.clock import SteppedClock
from tests.minting import Minted, mint_brand


@pytest.fixture
async def aurora(database: Database) -> Minted:
    return await mint_brand(database, "Aurora")


async def somebody(database: Database, *brands: Minted, role: str = "client_approver") -> UUID:
    async with database.begin(HOUSE) as db:
        person = Person(
            id=new_id(db), email=f"{new_id(db).hex}@aurora.example", name="Rosa Neri", created_at=now(db)
        )
        db.add(person)
        await db.flush()
        for brand in brands:
            await grant(db, person.id, role, brand_id=brand.id)
        return person.id


async def made(database: Database, brand: Minted, person_id: UUID, days: int = 30) -> str:
    return await database.run(
        brand.writing, lambda db: make_token(db, "Pianificazione", days, person_id=person_id)
    )


async def opens(database: Database, secret: str) -> UUID | None:
    try:
        return (await bearer_of(database, secret)).brand_id
    except BadToken:
        return None


async def test_a_token_opens_its_brand_and_its_secret_is_stored_nowhere(
    database: Database, aurora: Minted
) -> None:
    secret = await made(database, aurora, await somebody(database, aurora))
    assert secret.startswith("pvt_")
    assert len(secret) == 47
    found = await bearer_of(database, secret)
    assert (found.brand_id, found.slug) == (aurora.id, aurora.slug)
    async with database.begin(HOUSE) as db:
        stored = (
            await db.scalars(
                select(Endpoint.value).where(Endpoint.brand_id == aurora.id, Endpoint.kind == KIND)
            )
        ).one()
    assert len(stored) == 64
    assert secret not in stored


@pytest.mark.parametrize(
    "wrong", ["", " ", "pvt_", "pvt_" + "a" * 43, "pvt_" + "a" * 44, "x" * 47, "pvt_" + "ä" * 43, "\0" * 47]
)
async def test_what_is_no_token_opens_nothing(database: Database, aurora: Minted, wrong: str) -> None:
    assert await opens(database, wrong) is None


async def test_a_token_ends_at_its_time(database: Database, aurora: Minted, clock: SteppedClock) -> None:
    secret = await made(database, aurora, await somebody(database, aurora), days=30)
    clock.advance(timedelta(days=30) - timedelta(microseconds=1))
    assert await opens(database, secret) == aurora.id
    clock.advance(timedelta(microseconds=1))
    assert await opens(database, secret) is None


async def test_a_token_taken_back_opens_nothing_and_its_neighbour_does(
    database: Database, aurora: Minted
) -> None:
    rosa = await somebody(database, aurora)
    one, other = await made(database, aurora, rosa), await made(database, aurora, rosa)
    token = (await bearer_of(database, one)).token_id
    for _ in range(2):
        await database.run(aurora.writing, lambda db: revoke_token(db, token, person_id=rosa))
    assert await opens(database, one) is None
    assert await opens(database, other) == aurora.id


async def test_another_brands_token_is_not_there_to_be_taken_back(database: Database, aurora: Minted) -> None:
    bosco = await mint_brand(database, "Bosco")
    rosa = await somebody(database, aurora, bosco)
    secret = await made(database, bosco, rosa)
    token = (await bearer_of(database, secret)).token_id
    with pytest.raises(NoToken):
        await database.run(aurora.writing, lambda db: revoke_token(db, token, person_id=rosa))
    assert await opens(database, secret) == bosco.id


async def test_when_its_makers_grant_ends_a_token_stops_and_comes_back_with_it(
    database: Database, aurora: Minted
) -> None:
    bosco = await mint_brand(database, "Bosco")
    rosa = await somebody(database, aurora, bosco)
    secret, elsewhere = await made(database, aurora, rosa), await made(database, bosco, rosa)
    async with database.begin(HOUSE) as db:
        mine = select(AccessGrant.id).where(AccessGrant.person_id == rosa, AccessGrant.brand_id == aurora.id)
        await revoke(db, (await db.scalars(mine)).one())
    assert await opens(database, secret) is None
    assert await opens(database, elsewhere) == bosco.id
    async with database.begin(HOUSE) as db:
        await grant(db, rosa, "client_viewer", brand_id=aurora.id)
    assert await opens(database, secret) is None
    async with database.begin(HOUSE) as db:
        await grant(db, rosa, "client_approver", client_id=aurora.client_id)
    assert await opens(database, secret) == aurora.id


async def test_when_its_makers_account_is_closed_a_token_stops(database: Database, aurora: Minted) -> None:
    rosa = await somebody(database, aurora)
    secret = await made(database, aurora, rosa)
    async with database.begin(HOUSE) as db:
        await db.execute(update(Person).where(Person.id == rosa).values(disabled_at=now(db)))
    assert await opens(database, secret) is None


async def test_the_last_use_is_known_to_the_hour(
    database: Database, aurora: Minted, clock: SteppedClock
) -> None:
    secret = await made(database, aurora, await somebody(database, aurora))
    used = []
    for minutes in (0, 59, 1):
        clock.advance(timedelta(minutes=minutes))
        await bearer_of(database, secret)
        async with database.begin(aurora.reading) as db:
            [row] = await tokens_of(db)
        used.append(row.used_at)
    assert used[0] == used[1]
    assert used[2] == clock.now()
    assert (row.name, row.person) == ("Pianificazione", "Rosa Neri")


async def test_a_brand_has_so_many_that_work_and_no_more(
    database: Database, aurora: Minted, clock: SteppedClock
) -> None:
    rosa = await somebody(database, aurora)
    for _ in range(MOST):
        await made(database, aurora, rosa)
    with pytest.raises(TooManyTokens):
        await made(database, aurora, rosa)
    clock.advance(timedelta(days=30))
    await made(database, aurora, rosa)
