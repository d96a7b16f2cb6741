"""A brand's numbers: the house's until it has its own, within bounds, and whoever changes one leaves a trace."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portavoce.audit.models import AuditEntry
from portavoce.brands.errors import BadLimit
from portavoce.brands.limits import LIMITS, limits_of, set_limit
from portavoce.core.db import Database
from tests.minting import Minted, mint_brand


async def held_by(database: Database, brand: Minted) -> dict[str, int]:
    async with database.begin(brand.reading) as db:
        return await limits_of(db)


async def change(database: Database, brand: Minted, name: str, value: int | None) -> None:
    async with database.begin(brand.writing) as db:
        await set_limit(db, name, value, by="admin")


async def test_a_brand_has_the_houses_numbers_until_it_has_its_own_and_again_afterwards(
    database: Database,
) -> None:
    aurora, bosco = await mint_brand(database), await mint_brand(database, "Bosco")
    defaults = {name: limit.default for name, limit in LIMITS.items()}
    await change(database, aurora, "exports_hour", 3)
    assert await held_by(database, aurora) == {**defaults, "exports_hour": 3}
    assert await held_by(database, bosco) == defaults
    await change(database, aurora, "exports_hour", None)
    assert await held_by(database, aurora) == defaults


@pytest.mark.parametrize(("name", "value"), [("exports_hour", 0), ("mail_mb", 101), ("nonsense", 1)])
async def test_a_number_out_of_bounds_or_of_no_name_is_refused(
    database: Database, name: str, value: int
) -> None:
    aurora = await mint_brand(database)
    with pytest.raises(BadLimit):
        await change(database, aurora, name, value)


async def test_each_change_is_written_down_and_what_is_no_change_is_not(database: Database) -> None:
    aurora = await mint_brand(database)
    for value in (3, 3, 4, None):
        await change(database, aurora, "exports_hour", value)
    async with database.begin(aurora.reading) as db:
        query = select(AuditEntry.detail).where(AuditEntry.action == "limit.changed").order_by(AuditEntry.id)
        details = (await db.scalars(query)).all()
    assert details == [
        '{"after":3,"before":null,"name":"exports_hour"}',
        '{"after":4,"before":3,"name":"exports_hour"}',
        '{"after":null,"before":4,"name":"exports_hour"}',
    ]
