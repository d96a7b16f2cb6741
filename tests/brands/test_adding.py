"""Add a client, a brand with its colours, a line of business with its queue, an address of the brand."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from portavoce.brands.accent import accent
from portavoce.brands.adding import BrandLook, add_brand_row, add_client, add_endpoint, add_line
from portavoce.brands.errors import BadBrand, NoBrand, Taken
from portavoce.brands.models import Brand, Endpoint, LineOfBusiness, Queue
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE, Scope
from portavoce.kit.ids import uuid7
from tests.database import NOON
from tests.floor import at_once, failures


def look(**changes: Any) -> BrandLook:
    made = BrandLook(
        slug=f"aurora-{uuid4().hex[:8]}", name="Aurora", accent="#0E7C57", shape="circle", monogram="A",
        voice="Diamo del tu.", language="it", zone="Europe/Rome",
    )  # fmt: skip
    return replace(made, **changes)


async def client_of(database: Database) -> UUID:
    async with database.begin(HOUSE) as db:
        return add_client(db, "Aurora", "Aurora S.p.A.").id


async def add(database: Database, client_id: UUID, how: BrandLook) -> Brand:
    async with database.begin(Scope.writing(uuid7(database.clock))) as db:
        return await add_brand_row(db, client_id, how)


async def test_a_brand_has_its_colours_and_the_legal_name_of_its_client(database: Database) -> None:
    how = look()
    made = await add(database, await client_of(database), how)
    async with database.begin(Scope.reading([made.id])) as db:
        brand = await db.get_one(Brand, made.id)
    assert (brand.slug, brand.name, brand.legal_name) == (how.slug, "Aurora", "Aurora S.p.A.")
    assert (brand.voice, brand.zone, brand.created_at) == ("Diamo del tu.", "Europe/Rome", NOON)
    assert json.loads(brand.tokens)["light"]["solid"] == accent("#0E7C57").light.solid


async def test_a_bad_look_stores_nothing(database: Database) -> None:
    client_id = await client_of(database)
    brand_id = uuid7(database.clock)
    with pytest.raises(BadBrand):
        async with database.begin(Scope.writing(brand_id)) as db:
            await add_brand_row(db, client_id, look(accent="red"))
    async with database.begin(Scope.reading([brand_id])) as db:
        assert await db.get(Brand, brand_id) is None


async def test_a_slug_is_taken_even_by_a_brand_nobody_here_may_see(database: Database) -> None:
    client_id, how = await client_of(database), look()
    await add(database, client_id, how)
    with pytest.raises(Taken) as refusal:
        await add(database, await client_of(database), how)
    assert set(refusal.value.fields) == {"slug"}
    assert "Aurora" not in refusal.value.message


async def test_of_two_at_once_one_gets_the_slug(database: Database) -> None:
    client_id, how = await client_of(database), look()
    results = await at_once(*(add(database, client_id, how) for _ in range(2)))
    assert not failures(results, Taken)
    assert sum(isinstance(each, Taken) for each in results) == 1


async def test_a_client_that_does_not_exist_has_no_brand(database: Database) -> None:
    with pytest.raises(NoBrand):
        await add(database, uuid4(), look())


async def test_a_second_row_for_the_same_brand_is_a_bug_not_a_taken_slug(database: Database) -> None:
    client_id = await client_of(database)
    brand = await add(database, client_id, look())
    with pytest.raises(IntegrityError):
        async with database.begin(Scope.writing(brand.id)) as db:
            await add_brand_row(db, client_id, look())


async def test_a_line_of_business_starts_with_one_queue(database: Database) -> None:
    brand = await add(database, await client_of(database), look())
    async with database.begin(Scope.writing(brand.id)) as db:
        line, queue = add_line(db, "Assistenza", "it")
    async with database.begin(Scope.reading([brand.id])) as db:
        assert (await db.get_one(LineOfBusiness, (brand.id, line.id))).work_mode == "assisted"
        assert (await db.get_one(Queue, (brand.id, queue.id))).lob_id == line.id


async def test_an_address_belongs_to_one_brand_of_the_house(database: Database) -> None:
    client_id = await client_of(database)
    aurora, bosco = await add(database, client_id, look()), await add(database, client_id, look())
    address = f"{uuid4().hex}@aurora.example"
    async with database.begin(Scope.writing(aurora.id)) as db:
        endpoint = await add_endpoint(db, "email", address)
    assert (endpoint.brand_id, endpoint.value) == (aurora.id, address)
    for brand in (aurora, bosco):
        with pytest.raises(Taken) as refusal:
            async with database.begin(Scope.writing(brand.id)) as db:
                await add_endpoint(db, "email", address)
        assert set(refusal.value.fields) == {"address"}
        assert "aurora" not in refusal.value.message.lower()


async def test_of_two_brands_that_want_an_address_at_once_one_gets_it(database: Database) -> None:
    client_id = await client_of(database)
    brands = [await add(database, client_id, look()) for _ in range(4)]
    address = f"{uuid4().hex}@aurora.example"

    async def want(brand: Brand) -> Endpoint:
        async with database.begin(Scope.writing(brand.id)) as db:
            return await add_endpoint(db, "email", address)

    results = await at_once(*(want(brand) for brand in brands))
    assert not failures(results, Taken)
    assert sum(isinstance(each, Endpoint) for each in results) == 1
