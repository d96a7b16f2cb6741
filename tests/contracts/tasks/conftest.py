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
    return await mint_brand(ledger, "Aurora")
