"""What is in force."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from portavoce.contracts.errors import NothingInForce
from portavoce.contracts.models import ContractVersion
from portavoce.contracts.queries import clause_for, version_in_force
from portavoce.core.db import Database
from portavoce.core.unit import new_id
from tests.database import NOON
from tests.minting import Minted, mint_brand

DAY = timedelta(days=1)


async def amend(database: Database, brand: Minted, number: int, valid_from: datetime) -> UUID:
    async with database.begin(brand.writing) as db:
        version = ContractVersion(
            id=new_id(db), contract_id=brand.contract_id, number=number, valid_from=valid_from, state="signed"
        )
        db.add(version)
    return version.id


async def test_a_version_is_in_force_from_its_first_instant_until_the_next(database: Database) -> None:
    brand = await mint_brand(database)
    third = await amend(database, brand, 3, NOON + 2 * DAY)
    second = await amend(database, brand, 2, NOON + DAY)
    async with database.begin(brand.reading) as db:
        found = [await version_in_force(db, NOON + half * DAY / 2) for half in range(6)]
    first = brand.contract_version_id
    assert found == [first, first, second, second, third, third]


async def test_before_the_first_there_is_none(database: Database) -> None:
    brand = await mint_brand(database)
    async with database.begin(brand.reading) as db:
        with pytest.raises(NothingInForce):
            await version_in_force(db, NOON - timedelta(microseconds=1))


async def test_a_clause_is_found_by_version_line_and_channel(database: Database) -> None:
    brand, other = await mint_brand(database, "Aurora"), await mint_brand(database, "Bosco")
    version, lob = brand.contract_version_id, brand.lob_id
    async with database.begin(brand.reading) as db:
        clause = await clause_for(db, version, lob, "email")
        assert clause is not None
        assert clause.target_s == 4 * 3600
        assert await clause_for(db, version, lob, "chat") is None
        assert await clause_for(db, version, other.lob_id, "email") is None
        assert await clause_for(db, other.contract_version_id, other.lob_id, "email") is None
