from __future__ import annotations

from datetime import date, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.chain import genesis
from portavoce.ledger.facts import record
from portavoce.reporting.facts import evidence_of, first_moment, last_fact
from portavoce.reporting.months import midnight
from tests.database import NOON
from tests.minting import Minted, mint_agent
from tests.reporting.reading import reading
from tests.reporting.telling import Contact, answer, tell

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Superuser = psycopg.Connection[Any]


async def test_a_ledger_without_facts_ends_at_its_genesis(ledger: Database, aurora: Minted) -> None:
    async with reading(ledger, aurora) as db:
        assert await last_fact(db, aurora.id) == (0, genesis(aurora.id))
        assert await first_moment(db) is None


async def test_the_last_fact_may_be_asked_for_an_earlier_state(ledger: Database, aurora: Minted) -> None:
    await tell(ledger, aurora, Contact(NOON), Contact(NOON - DAY))
    async with reading(ledger, aurora) as db:
        n, digest = await last_fact(db, aurora.id)
        assert (n, len(digest)) == (4, 32)
        assert (await last_fact(db, aurora.id, 3))[0] == 3
        assert (await last_fact(db, aurora.id, 99))[0] == 4


async def test_months_begin_with_the_ledger_or_with_what_it_was_told_of_a_time_before(
    ledger: Database, aurora: Minted
) -> None:
    await tell(ledger, aurora, Contact(NOON))
    async with reading(ledger, aurora) as db:
        assert await first_moment(db) == midnight(date(2026, 3, 1), "Europe/Rome")
    await tell(ledger, aurora, Contact(NOON - 40 * DAY))
    async with reading(ledger, aurora) as db:
        assert await first_moment(db) == midnight(date(2026, 1, 1), "Europe/Rome")


async def test_a_ledger_that_tells_of_no_contact_begins_with_its_first_fact(
    ledger: Database, aurora: Minted
) -> None:
    for days in (0, 3):
        async with ledger.begin(aurora.writing) as db:
            record(db, "brand.added", at=NOON + days * DAY)
    async with reading(ledger, aurora) as db:
        assert await first_moment(db) == NOON


async def test_evidence_is_every_fact_of_a_contact_by_the_time_it_happened(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + DAY)
    _, anna = await mint_agent(ledger, aurora)
    (interaction,) = await tell(ledger, aurora, Contact(NOON, NOON + 3 * HOUR, anna))
    await answer(ledger, aurora, interaction, NOON + HOUR)
    async with reading(ledger, aurora) as db:
        found = await evidence_of(db, interaction, 99)
        assert await evidence_of(db, UUID(int=1), 99) == []
    assert [each.told.n for each in found] == [1, 2, 4, 3]
    assert [each.actor for each in found] == ["customer", "customer", "system", "system"]
    assert all(each.sound and each.contract_version_id == aurora.contract_version_id for each in found)


@pytest.mark.parametrize(
    "change",
    [
        "body = replace(body, 'customer', 'Customer')",
        "hash = set_byte(hash, 0, get_byte(hash, 0) # 1)",
        "prev = set_byte(prev, 0, get_byte(prev, 0) # 1)",
    ],
)
async def test_evidence_that_was_tampered_with_is_not_sound(
    ledger: Database, aurora: Minted, superuser: Superuser, change: LiteralString
) -> None:
    (interaction,) = await tell(ledger, aurora, Contact(NOON))
    statement = psycopg.sql.SQL("UPDATE pv.ledger_event SET {} WHERE brand_id = %s AND n = 1")
    superuser.execute(statement.format(psycopg.sql.SQL(change)), [aurora.id])
    async with reading(ledger, aurora) as db:
        assert [each.sound for each in await evidence_of(db, interaction, 99)] == [False, True]
