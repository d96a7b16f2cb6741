from __future__ import annotations

from datetime import timedelta

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.facts import record
from portavoce.reporting.observing.reading import PUBLISHED, facts_of, news
from tests.database import NOON
from tests.minting import Minted
from tests.reporting.reading import reading
from tests.reporting.telling import Contact, record_contacts

HOUR = timedelta(hours=1)


async def test_new_opening_hours_are_read_alone(ledger: Database, aurora: Minted) -> None:
    await record_contacts(ledger, aurora, Contact(NOON))
    async with ledger.begin(aurora.writing) as db:
        record(db, PUBLISHED)
    await record_contacts(ledger, aurora, Contact(NOON), Contact(NOON))
    async with reading(ledger, aurora) as db:
        parts, last = [], 0
        while part := await news(db, last, 3):
            parts.append([each.n for each in part])
            last = part[-1].n
    assert parts == [[1, 2], [3], [4, 5, 6], [7]]


async def test_the_facts_of_a_contact_come_in_order_and_none_of_later(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + 3 * HOUR)
    one, other = await record_contacts(ledger, aurora, Contact(NOON, NOON + HOUR), Contact(NOON, NOON + HOUR))
    async with reading(ledger, aurora) as db:
        found = await facts_of(db, [one, other], 5)
    assert {key: [fact.n for fact in facts] for key, facts in found.items()} == {
        one: [1, 2, 3],
        other: [4, 5],
    }
    opening, received, sent = found[one]
    assert (opening.kind, opening.to_state, opening.lob_id) == (
        "interaction.opened",
        "waiting",
        aurora.lob_id,
    )
    assert (received.body["automatic"], sent.body["automatic"]) == (False, False)
