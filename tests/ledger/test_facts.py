from __future__ import annotations

from datetime import timedelta

import pytest

from portavoce.core.db import Database
from portavoce.core.errors import NoScope
from portavoce.ledger.facts import SYSTEM, record
from tests.database import NOON
from tests.minting import mint_brand


async def test_a_fact_is_of_the_written_brand_now_and_by_the_system_unless_said(database: Database) -> None:
    aurora = await mint_brand(database)
    async with database.begin(aurora.writing) as db:
        plain = record(db, "a", channel="email")
        said = record(db, "b", at=NOON - timedelta(hours=1), actor="customer")
    assert (plain.brand_id, plain.at, plain.actor) == (aurora.id, NOON, SYSTEM)
    assert (plain.data, plain.v) == ({"channel": "email"}, 1)
    assert (said.at, said.actor) == (NOON - timedelta(hours=1), "customer")
    assert plain.id != said.id


async def test_who_may_write_no_brand_records_no_fact(database: Database) -> None:
    aurora = await mint_brand(database)
    async with database.begin(aurora.reading) as db:
        with pytest.raises(NoScope):
            record(db, "a")
