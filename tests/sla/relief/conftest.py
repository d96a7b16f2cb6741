"""A database that stores facts, a brand, and Rosa who may decide for its client."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
import pytest_asyncio

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.writing import write_facts
from tests.database import NOON
from tests.minting import Minted, mint_brand
from tests.sla.relief.relieving import HOUR, person_with


@pytest.fixture
def ledger(make_database: Callable[..., Database]) -> Database:
    return make_database(last_writers=(write_facts,))


@pytest_asyncio.fixture
async def aurora(ledger: Database, clock: SteppedClock) -> Minted:
    """An afternoon after it was founded."""
    found = await mint_brand(ledger, "Aurora")
    clock.move_to(NOON + 6 * HOUR)
    return found


@pytest_asyncio.fixture
async def rosa(ledger: Database, aurora: Minted) -> UUID:
    return await person_with(ledger, aurora, "client_approver")
