from __future__ import annotations

from uuid import UUID

import pytest_asyncio

from portavoce.conversations.choices import REASON
from portavoce.conversations.models import Disposition
from portavoce.core.db import Database
from portavoce.core.unit import new_id
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.facts import record
from portavoce.reporting.facts import Anchor, last_fact
from portavoce.reporting.observing.following import catch_up
from portavoce.reporting.reasons import MOST, Reason, Reasons, read_reasons
from tests.database import NOON
from tests.minting import Minted
from tests.reporting.reading import MARCH, counting, reading, report_in
from tests.reporting.telling import Contact, tell

START = MARCH.bounds("Europe/Rome")[0]


@pytest_asyncio.fixture
async def named(ledger: Database, aurora: Minted, clock: SteppedClock) -> Database:
    """Aurora knows why: a parcel, a bill."""
    clock.move_to(NOON)
    async with ledger.begin(aurora.writing) as db:
        for place, (code, label) in enumerate((("parcel", "Pacco"), ("bill", "Bolletta"))):
            db.add(
                Disposition(
                    id=new_id(db), lob_id=aurora.lob_id, kind=REASON, code=code, label=label, position=place
                )
            )
    return ledger


async def say(database: Database, brand: Minted, contact: UUID, reason: str) -> None:
    async with database.begin(brand.writing) as db:
        record(db, "reason.chosen", at=NOON, lob_id=brand.lob_id, interaction_id=contact, reason=reason)
    await catch_up(database, brand.id)


async def reasons(database: Database, brand: Minted, anchor: Anchor | None = None) -> Reasons:
    async with reading(database, brand) as db:
        return await read_reasons(db, await report_in(db, brand, anchor=anchor))


async def test_contacts_are_counted_by_the_reason_said_last_beside_the_month_before(
    named: Database, aurora: Minted
) -> None:
    earlier = START.replace(day=START.day - 3)
    one, two, three, _, old = await tell(named, aurora, *[Contact(NOON)] * 4, Contact(earlier))
    for contact, said in ((one, "bill"), (one, "parcel"), (two, "parcel"), (three, "bill"), (old, "parcel")):
        await say(named, aurora, contact, said)
    assert await reasons(named, aurora) == Reasons([Reason("Pacco", 2, 1), Reason("Bolletta", 1, 0)], 0, 1)


async def test_an_earlier_state_tells_what_was_known_then(named: Database, aurora: Minted) -> None:
    (contact,) = await tell(named, aurora, Contact(NOON))
    async with reading(named, aurora) as db:
        before = Anchor(*await last_fact(db, aurora.id), NOON)
    await say(named, aurora, contact, "bill")
    assert (await reasons(named, aurora)).unsaid == 0
    assert await reasons(named, aurora, before) == Reasons([], 0, 1)


async def test_rare_ones_are_counted_together_and_all_add_up_to_the_contacts(
    named: Database, aurora: Minted
) -> None:
    contacts = await tell(named, aurora, *[Contact(NOON)] * (MOST + 3))
    for number, contact in enumerate(contacts[:-1]):
        await say(named, aurora, contact, f"reason {number}")
    found = await reasons(named, aurora)
    assert (len(found.named), found.others, found.unsaid) == (MOST, 2, 1)
    assert sum(each.received for each in found.named) + found.others + found.unsaid == len(contacts)


async def test_four_queries_whatever_there_is(named: Database, aurora: Minted) -> None:
    await tell(named, aurora, Contact(NOON))
    async with reading(named, aurora) as db:
        month = await report_in(db, aurora)
        with counting(named) as seen:
            await read_reasons(db, month)
    assert len(seen) == 4
