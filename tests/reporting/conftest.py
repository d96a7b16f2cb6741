"""A database that stores facts, and a brand whose contract is in force."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.writing import write_facts
from tests.database import Installation
from tests.minting import Minted, mint_brand


@pytest.fixture
def ledger(make_database: Callable[..., Database]) -> Database:
    return make_database(last_writers=(write_facts,))


@pytest_asyncio.fixture
async def quiet_ledger(empty_database: Installation, clock: SteppedClock) -> AsyncIterator[Database]:
    """Of a house without the brands of other tests: for what goes through all of them."""
    database = Database(empty_database.urls, clock, last_writers=(write_facts,))
    yield database
    await database.close()


@pytest_asyncio.fixture
async def aurora(ledger: Database) -> Minted:
    """90 % within 4 hours of Monday to Friday, 9 to 18 in Rome; in force from Monday 2 March 2026, 13:00 there."""
    return await mint_brand(ledger, "Aurora")
