"""Two brands with a customer each, and what `app` sends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from portavoce.core.db import APP, Database
from tests.minting import Minted, mint_brand, mint_customer

Sent = list[tuple[str, dict[str, Any]]]


@pytest_asyncio.fixture
async def aurora(database: Database) -> Minted:
    brand = await mint_brand(database, "Aurora")
    await mint_customer(database, brand, "Gina")
    return brand


@pytest_asyncio.fixture
async def bosco(database: Database) -> Minted:
    brand = await mint_brand(database, "Bosco")
    await mint_customer(database, brand, "Ugo")
    return brand


@pytest.fixture
def sent(engines: dict[str, AsyncEngine]) -> Iterator[Sent]:
    """Every statement that `app` sends, but for the scope's own."""
    seen: Sent = []

    def listen(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if not statement.startswith("BEGIN"):
            seen.append((statement, parameters))

    event.listen(engines[APP].sync_engine, "before_cursor_execute", listen)
    yield seen
    event.remove(engines[APP].sync_engine, "before_cursor_execute", listen)
