"""Report and ledger agree to the unit, and whoever changes either behind the wall is found out."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any, LiteralString

import psycopg
import pytest

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.reconciling import report_faults
from tests.database import NOON
from tests.minting import Minted, mint_brand
from tests.reporting.observing.test_following import chance_contacts
from tests.reporting.reading import reading
from tests.reporting.telling import answer, record_contacts, tell

DAY = timedelta(days=1)
CHANGES: list[tuple[LiteralString, str]] = [
    ("UPDATE pv.observation SET state = 'met' WHERE state = 'late'", "first_response of contact"),
    ("UPDATE pv.observation SET used_s = used_s + 1 WHERE measure = 'first_response' AND state = 'met'", "first_response of contact"),
    ("DELETE FROM pv.observation WHERE measure = 'contact' AND until_n IS NULL", "contact of contact"),
    ("UPDATE pv.tally SET met = met + 1 WHERE grain = 'day' AND measure = 'first_response'", "over the day from"),
    ("DELETE FROM pv.tally WHERE grain = 'month'", "over the month from"),
    ("UPDATE pv.tally SET units = units + 1 WHERE grain = 'interval'", "over the interval from"),
    ("UPDATE pv.clause SET target_s = 60", "first_response of contact"),
]  # fmt: skip


@pytest.fixture
async def told(ledger: Database, aurora: Minted, clock: SteppedClock) -> Minted:
    clock.move_to(NOON + 8 * DAY)
    contacts = await tell(ledger, aurora, *chance_contacts(Random(11), 25))
    await answer(ledger, aurora, contacts[0], NOON + 7 * DAY)
    return aurora


async def faults(database: Database, brand: Minted) -> list[str]:
    async with reading(database, brand) as db:
        return [fault.reason for fault in await report_faults(db)]


async def test_what_was_followed_agrees_with_its_facts_also_while_more_arrives(
    ledger: Database, told: Minted
) -> None:
    assert await faults(ledger, told) == []
    await record_contacts(ledger, told, *chance_contacts(Random(12), 5))
    assert await faults(ledger, told) == []


async def test_a_brand_that_nothing_was_read_of_has_nothing_to_disagree(ledger: Database) -> None:
    assert await faults(ledger, await mint_brand(ledger, "Bosco")) == []


@pytest.mark.parametrize(("change", "said"), CHANGES, ids=[str(n) for n in range(len(CHANGES))])
async def test_whatever_was_changed_is_found(
    ledger: Database, told: Minted, superuser: psycopg.Connection[Any], change: LiteralString, said: str
) -> None:
    statement = f"{change} AND brand_id = %s" if "WHERE" in change else f"{change} WHERE brand_id = %s"
    assert superuser.execute(statement, [told.id]).rowcount
    assert any(said in fault for fault in await faults(ledger, told))
