from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from structlog.testing import capture_logs

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.nightly import Night, last_night, reconcile, reconcile_when_due
from tests.database import NOON
from tests.minting import Minted, mint_brand
from tests.reporting.reading import reading
from tests.reporting.telling import Contact, tell

DAY = timedelta(days=1)


async def newest(database: Database, brand: Minted) -> Night | None:
    async with reading(database, brand) as db:
        return await last_night(db)


async def test_a_night_has_one_result_and_says_up_to_which_fact(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + DAY)
    await tell(ledger, aurora, Contact(NOON, NOON + DAY))
    assert await newest(ledger, aurora) is None
    assert await reconcile(ledger, aurora.id, clock.now().date()) is True
    assert await newest(ledger, aurora) == Night(clock.now(), 4, 0)
    assert await reconcile(ledger, aurora.id, clock.now().date()) is False
    clock.advance(DAY)
    assert await reconcile(ledger, aurora.id, clock.now().date()) is True


async def test_what_does_not_agree_is_kept_and_told(
    ledger: Database, aurora: Minted, clock: SteppedClock, superuser: psycopg.Connection[Any]
) -> None:
    clock.move_to(NOON + DAY)
    await tell(ledger, aurora, Contact(NOON))
    superuser.execute("UPDATE pv.tally SET units = 9 WHERE grain = 'month' AND brand_id = %s", [aurora.id])
    with capture_logs() as logs:
        await reconcile(ledger, aurora.id, clock.now().date())
    found = await newest(ledger, aurora)
    assert found is not None
    assert found.faults == 2
    assert [(each["event"], each["count"]) for each in logs] == [("reports do not agree with the ledger", 2)]


@pytest.mark.parametrize(("asked", "expected"), [("never", False), ("23:59", False), ("00:00", True)])
async def test_it_is_due_once_a_day_for_every_brand(
    quiet_ledger: Database, clock: SteppedClock, asked: str, expected: bool
) -> None:
    brands = [await mint_brand(quiet_ledger, name) for name in ("Aurora", "Bosco")]
    clock.move_to(NOON + DAY)
    assert await reconcile_when_due(asked, quiet_ledger) == 0
    for brand in brands:
        await tell(quiet_ledger, brand, Contact(NOON))
    assert await reconcile_when_due(asked, quiet_ledger) == (len(brands) if expected else 0)
    assert await reconcile_when_due(asked, quiet_ledger) == 0
    for brand in brands:
        assert (await newest(quiet_ledger, brand) is not None) is expected
