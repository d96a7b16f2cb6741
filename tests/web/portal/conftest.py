"""Two brands with a month behind them: Aurora, whose client looks, and Bosco, of which nothing may be seen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest_asyncio

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.writing import write_facts
from portavoce.web.templating import Templates
from tests.database import NOON
from tests.minting import Minted, mint_agent, mint_brand
from tests.reporting.telling import Contact, tell
from tests.web.portal.browsing import Visit, browsing, sign_in

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class House:
    """Aurora received 6 contacts in March: 3 in time, 2 late (one answered), 1 at a channel without a clause."""

    database: Database
    clock: SteppedClock
    aurora: Minted
    bosco: Minted
    aurora_contacts: list[UUID]
    bosco_contacts: list[UUID]
    anna: UUID


@pytest_asyncio.fixture
async def house(make_database: Callable[..., Database], clock: SteppedClock) -> House:
    database = make_database(last_writers=(write_facts,))
    aurora, bosco = await mint_brand(database, "Aurora"), await mint_brand(database, "Bosco")
    _, anna = await mint_agent(database, aurora)
    clock.move_to(NOON + 8 * DAY)
    told = await tell(
        database,
        aurora,
        Contact(NOON, NOON + HOUR, anna),
        Contact(NOON + DAY, NOON + DAY + 2 * HOUR, anna),
        Contact(NOON + DAY, NOON + 3 * DAY, anna),
        Contact(NOON + 2 * DAY, None, automatic=True),
        Contact(NOON + 7 * DAY, NOON + 7 * DAY + HOUR, anna),
        Contact(NOON + 7 * DAY, None, channel="phone"),
    )
    other = await tell(database, bosco, *[Contact(NOON + n * HOUR, None) for n in range(3)])
    return House(database, clock, aurora, bosco, told, other, anna)


@pytest_asyncio.fixture
async def carla(house: House, tmp_path: Path, templates: Templates) -> AsyncIterator[Visit]:
    """Client viewer of Aurora."""
    async with browsing(house.database, tmp_path) as client:
        yield await sign_in(house.database, client, house.aurora)
