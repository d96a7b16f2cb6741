"""What both sides read of an event: who decided at the client, and of the provider no name."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from portavoce.core.db import APP, Database
from portavoce.sla.relief.deciding import accept, withdraw
from portavoce.sla.relief.errors import NoRelief
from portavoce.sla.relief.queries import contact_of_ticket, relief_row, relief_rows
from tests.database import NOON
from tests.minting import Minted, mint_brand
from tests.reporting.reading import counting
from tests.reporting.telling import Contact, record_contacts
from tests.sla.relief.relieving import accepted, person_with, proposed, wish

HOUR = timedelta(hours=1)


async def test_undecided_ones_come_first_then_the_latest_in_one_query(
    ledger: Database, aurora: Minted, rosa: UUID
) -> None:
    early = await accepted(ledger, aurora, rosa, wish(NOON, NOON + HOUR))
    late = await accepted(ledger, aurora, rosa, wish(NOON + 2 * HOUR, NOON + 3 * HOUR))
    open_one = await proposed(ledger, aurora, rosa, wish(NOON - HOUR, NOON))
    async with ledger.begin(aurora.reading) as db:
        with counting(ledger, APP) as seen:
            rows = await relief_rows(db)
    assert [row.id for row in rows] == [open_one, late, early]
    assert len(seen) == 1


async def test_the_clients_decider_is_named_and_the_provider_is_not(
    ledger: Database, aurora: Minted, rosa: UUID
) -> None:
    marco = await person_with(ledger, aurora, "supervisor", "Marco Sala")
    taken, gone = await proposed(ledger, aurora, marco), await proposed(ledger, aurora, marco)
    await ledger.run(aurora.writing, lambda db: accept(db, taken, by=rosa))
    await ledger.run(aurora.writing, lambda db: withdraw(db, gone, by=marco))
    async with ledger.begin(aurora.reading) as db:
        rows = [await relief_row(db, each) for each in (taken, gone)]
    assert [(row.side, row.decider) for row in rows] == [("client", "Rosa Gallo"), ("provider", "")]


async def test_an_event_of_another_brand_is_none(ledger: Database, aurora: Minted, rosa: UUID) -> None:
    event_id, bosco = await proposed(ledger, aurora, rosa), await mint_brand(ledger, "Bosco")
    async with ledger.begin(bosco.reading) as db:
        assert await relief_rows(db) == []
        for unknown in (event_id, uuid4()):
            with pytest.raises(NoRelief):
                await relief_row(db, unknown)


async def test_a_number_names_the_contact_of_this_brand(ledger: Database, aurora: Minted) -> None:
    (contact,) = await record_contacts(ledger, aurora, Contact(NOON))
    bosco = await mint_brand(ledger, "Bosco")
    async with ledger.begin(aurora.reading) as db:
        assert (await contact_of_ticket(db, 1), await contact_of_ticket(db, 2)) == (contact, None)
    async with ledger.begin(bosco.reading) as db:
        assert await contact_of_ticket(db, 1) is None
