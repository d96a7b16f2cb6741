"""A relief is proposed with its words to the client and its facts to the ledger, or says what is wrong with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portavoce.core.db import Database
from portavoce.core.models import HouseOutbox
from portavoce.core.scope import HOUSE
from portavoce.ledger.models import LedgerEvent
from portavoce.reporting.facts import read_body
from portavoce.sla.relief.errors import BadRelief
from portavoce.sla.relief.proposing import propose
from tests.database import NOON
from tests.minting import Minted, mint_brand, mint_interaction
from tests.sla.relief.relieving import HOUR, event_in, person_with, proposed, silence_after, wish
from tests.world import HOUSE_NAME

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


async def test_its_words_stay_in_the_row_and_its_fact_holds_ids_and_codes(
    ledger: Database, aurora: Minted, rosa: UUID
) -> None:
    await silence_after(ledger, aurora, 10)
    event_id = await proposed(ledger, aurora, rosa, wish(lob_id=aurora.lob_id, channel="email"))
    async with ledger.begin(aurora.reading) as db:
        event = await event_in(db, aurora, event_id)
        fact = (await db.scalars(select(LedgerEvent).where(LedgerEvent.kind == "relief.proposed"))).one()
    assert (event.state, event.evidence, event.due_at) == (
        "proposed",
        "Il gestionale era fermo.",
        NOON + 6 * HOUR + 10 * DAY,
    )
    assert (fact.lob_id, fact.interaction_id, fact.actor) == (aurora.lob_id, None, "supervisor")
    assert read_body(fact.body) == {
        "event": str(event_id), "cause": "client_system_down", "channel": "email",
        "starts": "2026-03-02T12:00:00.000000Z", "ends": "2026-03-02T13:00:00.000000Z",
        "due": "2026-03-12T18:00:00.000000Z",
    }  # fmt: skip
    assert "gestionale" not in fact.body
    assert str(rosa) not in fact.body


async def test_without_days_of_silence_it_waits_for_ever(
    ledger: Database, aurora: Minted, rosa: UUID
) -> None:
    event_id = await proposed(ledger, aurora, rosa)
    async with ledger.begin(aurora.reading) as db:
        assert (await event_in(db, aurora, event_id)).due_at is None


async def test_who_may_decide_has_a_mail_without_a_word_of_it(
    ledger: Database, aurora: Minted, rosa: UUID
) -> None:
    event = await ledger.run(aurora.writing, lambda db: propose(db, HOUSE_NAME, wish(), by=rosa))
    async with ledger.begin(HOUSE) as db:
        query = select(HouseOutbox).where(HouseOutbox.body.contains(str(event.id)))
        (mail,) = (await db.scalars(query)).all()
    assert f"/portal/{aurora.slug}/relief/{event.id}" in mail.body
    assert "gestionale" not in mail.body


async def test_where_nobody_may_decide_nothing_is_proposed(ledger: Database) -> None:
    bosco = await mint_brand(ledger, "Bosco")
    viewer = await person_with(ledger, bosco, "client_viewer")
    with pytest.raises(BadRelief, match="Nobody at the client"):
        await proposed(ledger, bosco, viewer)


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"starts_at": NOON + 7 * HOUR, "ends_at": NOON + 8 * HOUR}, "starts", "within the last year"),
    ({"starts_at": NOON - 367 * DAY}, "starts", "within the last year"),
    ({"ends_at": NOON + 7 * HOUR}, "until", "has passed"),
    ({"ends_at": NOON}, "until", "after the beginning"),
    ({"starts_at": NOON + 7 * MINUTE}, "starts", "full quarter"),
    ({"starts_at": NOON + timedelta(seconds=1)}, "starts", "full quarter"),
    ({"ends_at": NOON + 59 * MINUTE}, "until", "full quarter"),
    ({"starts_at": NOON - 32 * DAY}, "until", "within 31 days"),
    ({"evidence": "  "}, "evidence", "what happened"),
    ({"evidence": "x" * 4_001}, "evidence", "4000"),
    ({"channel": "fax"}, "channel", "options"),
    ({"lob_id": uuid4()}, "lob_id", "options"),
    ({"channel": "email", "interaction_id": uuid4()}, "ticket", "stands alone"),
]


@pytest.mark.parametrize(("said", "field", "advice"), BAD)
async def test_what_is_wrong_is_said_beside_its_field(
    ledger: Database, aurora: Minted, rosa: UUID, said: dict[str, Any], field: str, advice: str
) -> None:
    with pytest.raises(BadRelief) as refused:
        await proposed(ledger, aurora, rosa, wish(**said))
    assert advice in refused.value.fields[field]


async def test_the_line_of_another_brand_is_no_line(ledger: Database, aurora: Minted, rosa: UUID) -> None:
    bosco = await mint_brand(ledger, "Bosco")
    with pytest.raises(BadRelief):
        await proposed(ledger, aurora, rosa, wish(lob_id=bosco.lob_id))


async def test_one_contact_stands_in_the_fact_of_its_event(
    ledger: Database, aurora: Minted, rosa: UUID
) -> None:
    contact = await mint_interaction(ledger, aurora)
    await proposed(ledger, aurora, rosa, wish(interaction_id=contact))
    async with ledger.begin(aurora.reading) as db:
        query = select(LedgerEvent.interaction_id).where(LedgerEvent.kind == "relief.proposed")
        assert (await db.scalars(query)).all() == [contact]


async def test_a_window_begins_and_ends_on_any_quarter_of_an_hour(
    ledger: Database, aurora: Minted, rosa: UUID
) -> None:
    event_id = await proposed(ledger, aurora, rosa, wish(NOON + 15 * MINUTE, NOON + 45 * MINUTE))
    async with ledger.begin(aurora.reading) as db:
        event = await event_in(db, aurora, event_id)
    assert event.ends_at - event.starts_at == 30 * MINUTE
