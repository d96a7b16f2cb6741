"""A brand with contacts in March, and Rosa who accepts reliefs."""

from __future__ import annotations

from uuid import UUID

import pytest_asyncio

from portavoce.core.db import Database
from tests.minting import Minted
from tests.sla.relief.relieving import person_with


@pytest_asyncio.fixture
async def rosa(ledger: Database, aurora: Minted) -> UUID:
    return await person_with(ledger, aurora, "client_approver")
