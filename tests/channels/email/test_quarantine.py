"""What could not become a conversation is kept, listed and counted, per brand."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portavoce.channels.email.quarantine import quarantined, quarantined_count
from portavoce.core.models import StoredFile
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.models import LedgerEvent
from tests.world import World, letter


async def test_the_list_shows_reason_sender_time_and_the_raw_bytes_newest_first(
    world: World, clock: SteppedClock
) -> None:
    await world.receive(world.aurora, b"\r\n", envelope_from="first@customer.example")
    clock.advance(timedelta(minutes=1))
    nobody = letter(world.aurora.address, subject="Chi sono?").replace(
        b"Gina Verdi <gina@customer.example>", b"?"
    )
    await world.receive(world.aurora, nobody, envelope_from="second@customer.example")
    async with world.database.begin(world.aurora.reading) as db:
        second, first = await quarantined(db)
        file = await db.get_one(StoredFile, (world.aurora.id, second.file_id))
        assert await quarantined_count(db) == 2
    assert (first.reason, first.sender, first.subject) == ("empty", "first@customer.example", "")
    assert (second.reason, second.subject) == ("no usable sender address", "Chi sono?")
    assert second.received_at - first.received_at == timedelta(minutes=1)
    assert world.storage.read(file) == nobody


async def test_an_entry_is_seen_by_its_brand_only(world: World) -> None:
    await world.receive(world.aurora, b"\r\n")
    async with world.database.begin(world.bosco.reading) as db:
        assert await quarantined(db) == []
        assert await quarantined_count(db) == 0


async def test_putting_aside_is_a_fact_of_the_ledger(world: World) -> None:
    await world.receive(world.aurora, b"\r\n")
    async with world.database.begin(world.aurora.reading) as db:
        kinds = (await db.scalars(select(LedgerEvent.kind).order_by(LedgerEvent.n))).all()
    assert kinds[-1] == "mail.quarantined"


async def test_senders_that_are_no_text_are_stored_as_text(world: World) -> None:
    await world.receive(world.aurora, b"\r\n", envelope_from="a\x00b\udcff@x.example")
    async with world.database.begin(world.aurora.reading) as db:
        [entry] = await quarantined(db)
    assert entry.sender.endswith("@x.example")
