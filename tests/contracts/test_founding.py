"""Every brand is born with a contract; clauses say what was promised."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from portavoce.contracts.founding import FirstResponsePromise, add_first_response, found_contract
from portavoce.contracts.models import Clause, ContractVersion
from portavoce.contracts.queries import version_in_force
from portavoce.core.db import Database
from tests.database import NOON
from tests.minting import Minted, mint_brand


def promise(brand: Minted, **changes: Any) -> FirstResponsePromise:
    values: dict[str, Any] = {
        "lob_id": brand.lob_id, "channel": "chat", "target": timedelta(minutes=90), "share_bp": 8_500,
        "calendar_id": brand.calendar_id, **changes,
    }  # fmt: skip
    return FirstResponsePromise(**values)


async def test_a_contract_begins_with_version_one_unpriced(database: Database) -> None:
    brand = await mint_brand(database)
    later = NOON + timedelta(days=1)
    async with database.begin(brand.writing) as db:
        made = found_contract(db, brand.client_id, "Chat", later)
    async with database.begin(brand.reading) as db:
        version = await db.get_one(ContractVersion, (brand.id, made.id))
        assert (version.number, version.state, version.valid_from) == (1, "unpriced", later)
        assert await version_in_force(db, later) == made.id


async def test_a_promise_is_kept_in_seconds_and_basis_points(database: Database) -> None:
    brand = await mint_brand(database)
    async with database.begin(brand.writing) as db:
        made = add_first_response(
            db, brand.contract_version_id, promise(brand, reopen_window=timedelta(days=3))
        )
    async with database.begin(brand.reading) as db:
        clause = await db.get_one(Clause, (brand.id, made.id))
    assert (clause.metric, clause.channel, clause.target_s, clause.share_bp) == (
        "first_response", "chat", 5_400, 8_500,
    )  # fmt: skip
    assert (clause.calendar_id, clause.reopen_window_s) == (brand.calendar_id, 3 * 86_400)


@pytest.mark.parametrize(
    "change",
    [
        {"channel": "email"},
        {"target": timedelta(0)},
        {"target": timedelta(seconds=-1)},
        {"share_bp": 0},
        {"share_bp": 10_001},
    ],
)
async def test_no_promise_is_made_twice_or_out_of_reason(database: Database, change: dict[str, Any]) -> None:
    brand = await mint_brand(database)
    with pytest.raises(IntegrityError):
        async with database.begin(brand.writing) as db:
            add_first_response(db, brand.contract_version_id, promise(brand, **change))


async def test_a_promise_names_a_calendar_of_its_own_brand(database: Database) -> None:
    aurora, bosco = await mint_brand(database, "Aurora"), await mint_brand(database, "Bosco")
    wrong = promise(aurora, calendar_id=bosco.calendar_id)
    with pytest.raises(IntegrityError):
        async with database.begin(aurora.writing) as db:
            add_first_response(db, aurora.contract_version_id, wrong)
