"""Before a scope exists: which brand an address belongs to."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy.exc import ProgrammingError

from portavoce.brands.adding import add_endpoint
from portavoce.brands.resolving import Resolved, all_brand_ids, resolve
from portavoce.core.db import APP, DISPATCH, Database
from portavoce.core.scope import HOUSE
from tests.minting import mint_brand


async def test_an_address_leads_to_its_brand_and_to_no_other(database: Database) -> None:
    aurora, bosco = await mint_brand(database, "Aurora"), await mint_brand(database, "Bosco")
    addresses = {brand.id: f"{uuid4().hex}@care.example" for brand in (aurora, bosco)}
    endpoints = {}
    for brand in (aurora, bosco):
        async with database.begin(brand.writing) as db:
            endpoints[brand.id] = (await add_endpoint(db, "email", addresses[brand.id])).id
    async with database.begin(HOUSE) as db:
        for brand_id, address in addresses.items():
            assert await resolve(db, "email", address) == Resolved(endpoints[brand_id], brand_id)


@pytest.mark.parametrize("value", ["nobody@care.example", "", "%", "' OR true --"])
async def test_what_is_no_address_of_ours_leads_nowhere(database: Database, value: str) -> None:
    async with database.begin(HOUSE) as db:
        assert await resolve(db, "email", value) is None


async def test_the_same_value_of_another_kind_is_another_address(database: Database) -> None:
    brand = await mint_brand(database)
    address = f"{uuid4().hex}@care.example"
    async with database.begin(brand.writing) as db:
        await add_endpoint(db, "email", address)
    async with database.begin(HOUSE) as db:
        assert await resolve(db, "voice", address) is None


async def test_only_the_engines_timers_learn_which_brands_there_are(database: Database) -> None:
    brand = await mint_brand(database)
    async with database.begin(HOUSE, role=DISPATCH) as db:
        assert brand.id in await all_brand_ids(db)
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.begin(HOUSE, role=APP) as db:
            await all_brand_ids(db)
