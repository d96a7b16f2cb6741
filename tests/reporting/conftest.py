"""A database that stores facts, and a brand whose contract is in force."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import pytest_asyncio

from portavoce.core.db import Database
from portavoce.ledger.writing import write_facts
from tests.minting import Minted, mint_brand


@pytest.fixture
def ledger(make_database: Callable[..., Database]) -> Database:
    return make_database(last_writers=(write_facts,))


@pytest_asyncio.fixture
async def aurora(ledger: Database) -> Minted:
    """90 % within 4 hours of Monday to Friday, 9 to 18 in Rome; in force from Monday 2 March 2026, 13:00 there."""
    return await mint_brand(ledger, "Aurora")
