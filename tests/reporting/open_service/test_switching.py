"""On and off: an act of the client, told in its ledger, and one address for good."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from portavoce.audit.models import AuditEntry
from portavoce.brands.resolving import resolve
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.ledger.models import LedgerEvent
from portavoce.reporting.open_service.reading import read_switch
from portavoce.reporting.open_service.switching import KIND, switch_off, switch_on
from tests.minting import Minted, mint_brand
from tests.reporting.reading import reading


async def told(database: Database, brand: Minted) -> list[tuple[str, str]]:
    query = select(LedgerEvent.kind, LedgerEvent.actor).order_by(LedgerEvent.n)
    async with database.begin(brand.reading) as db:
        return [(row.kind, row.actor) for row in await db.execute(query)]


async def test_a_brand_shows_nothing_until_it_is_switched_on(ledger: Database, aurora: Minted) -> None:
    async with reading(ledger, aurora) as db:
        assert await read_switch(db) is None
    await ledger.run(aurora.writing, switch_off)
    assert await told(ledger, aurora) == []


async def test_its_address_is_found_without_a_scope_and_stays_the_same(
    ledger: Database, aurora: Minted
) -> None:
    bosco = await mint_brand(ledger, "Bosco")
    tokens = []
    for verb in (switch_on, switch_off, switch_on, switch_on):
        await ledger.run(aurora.writing, verb)
        async with reading(ledger, aurora) as db:
            switch = await read_switch(db)
        assert switch is not None
        assert switch.is_on is (verb is switch_on)
        tokens.append(switch.token)
    [token] = set(tokens)
    async with ledger.begin(HOUSE) as db:
        found = await resolve(db, KIND, token)
        assert await resolve(db, "email", token) is None
    assert found is not None
    assert found.brand_id == aurora.id
    async with reading(ledger, bosco) as db:
        assert await read_switch(db) is None


async def test_every_change_is_a_fact_with_its_audit_entry(ledger: Database, aurora: Minted) -> None:
    for verb in (switch_on, switch_on, switch_off, switch_off):
        await ledger.run(aurora.writing, verb)
    assert await told(ledger, aurora) == [("open_service.on", "client"), ("open_service.off", "client")]
    async with ledger.begin(aurora.reading) as db:
        entries = (await db.scalars(select(AuditEntry.id).order_by(AuditEntry.id))).all()
        causes = (await db.scalars(select(LedgerEvent.cause_id).order_by(LedgerEvent.n))).all()
    assert set(entries) == set(causes)


async def test_two_who_press_at_once_make_one_address(ledger: Database, aurora: Minted) -> None:
    """Also when it was on before."""
    tokens = set()
    for facts in (1, 3):
        pages = await asyncio.gather(*(ledger.run(aurora.writing, switch_on) for _ in range(4)))
        tokens |= {page.token for page in pages}
        assert len(await told(ledger, aurora)) == facts
        await ledger.run(aurora.writing, switch_off)
    assert len(tokens) == 1
