"""What of a brand is past its period goes, rows and files together; what people work with stays."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from portavoce.brands.limits import set_limit
from portavoce.channels.email.models import InboundEvent, Mail
from portavoce.channels.email.releasing import release
from portavoce.conversations.models import Attachment, Message
from portavoce.core.models import Outbox, StoredFile
from portavoce.customers.importing.beginning import bring_file
from portavoce.customers.importing.models import CustomerImport
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.verifying import verify_all
from portavoce.privacy import brand_data
from portavoce.privacy.brand_data import remove_of_brand
from portavoce.reporting.feeding import feed
from portavoce.reporting.models import IntervalFeed
from portavoce.reporting.observing.following import catch_up
from tests.world import World, WorldBrand, letter

NOTHING = {
    "raw_mail_days": 0, "quarantine_days": 0, "outbox_days": 0, "check_days": 0, "import_days": 0, "feed_days": 0,
}  # fmt: skip


async def count(world: World, brand: WorldBrand, column: Any, *where: Any) -> int:
    async with world.database.begin(brand.reading) as db:
        return (await db.execute(select(func.count(column)).where(*where))).scalar_one()


def files(world: World, brand: WorldBrand) -> list[Path]:
    return [path for path in (world.storage._root / f"brand/{brand.id}").rglob("*") if path.is_file()]


def date_files(world: World, clock: SteppedClock, brands: Sequence[WorldBrand]) -> None:
    """Files are written by the machine's clock; here they are as old as the rows."""
    for brand in brands:
        for path in files(world, brand):
            os.utime(path, (clock.now().timestamp(),) * 2)


async def limit(world: World, brand: WorldBrand, name: str, days: int) -> None:
    async with world.database.begin(brand.writing) as db:
        await set_limit(db, name, days, by="admin")


async def test_an_original_goes_after_its_period_and_the_message_still_shows(
    world: World, clock: SteppedClock
) -> None:
    aurora, bosco = world.aurora, world.bosco
    await limit(world, aurora, "raw_mail_days", 30)
    for brand in (aurora, bosco):
        await world.receive(brand, letter(brand.address))
    date_files(world, clock, (aurora, bosco))
    clock.advance(timedelta(days=29))
    assert await remove_of_brand(world.database, world.storage, aurora.id) == NOTHING
    clock.advance(timedelta(days=2))
    facts = await verify_all(world.database, [aurora.id])
    assert await remove_of_brand(world.database, world.storage, aurora.id) == {**NOTHING, "raw_mail_days": 1}
    assert await remove_of_brand(world.database, world.storage, bosco.id) == NOTHING
    assert (files(world, aurora), len(files(world, bosco))) == ([], 1)
    assert await count(world, aurora, StoredFile.id) == 0
    assert await count(world, aurora, InboundEvent.id, InboundEvent.file_id.is_(None)) == 1
    assert await count(world, aurora, Mail.message_id, Mail.file_id.is_(None)) == 1
    [message] = await world.messages(aurora)
    assert message.body == "Buongiorno, la macchina perde acqua."
    assert await verify_all(world.database, [aurora.id]) == facts == []


async def test_the_same_mail_again_is_still_known_when_its_original_is_gone(
    world: World, clock: SteppedClock
) -> None:
    raw = letter(world.aurora.address)
    await world.receive(world.aurora, raw)
    clock.advance(timedelta(days=400))
    await remove_of_brand(world.database, world.storage, world.aurora.id)
    await world.receive(world.aurora, raw)
    assert len(await world.messages(world.aurora)) == 1


async def test_what_waits_in_quarantine_goes_by_a_period_of_its_own_and_a_released_one_keeps_its_original(
    world: World, clock: SteppedClock
) -> None:
    aurora = world.aurora
    for raw in (b"", b"no mail at all"):
        await world.receive(aurora, raw)
    async with world.database.begin(aurora.writing) as db:
        first = (await db.scalars(select(InboundEvent.id).order_by(InboundEvent.id).limit(1))).one()
        await release(db, first, world.storage, by="admin")
    date_files(world, clock, (aurora,))
    clock.advance(timedelta(days=181))
    removed = await remove_of_brand(world.database, world.storage, aurora.id)
    assert removed["quarantine_days"] == 1
    clock.advance(timedelta(days=400))
    assert (await remove_of_brand(world.database, world.storage, aurora.id))["raw_mail_days"] == 0
    assert await count(world, aurora, Attachment.id) == await count(world, aurora, StoredFile.id) == 1
    assert len(files(world, aurora)) == 1


async def test_ended_rows_of_the_outbox_go_and_what_waits_for_a_person_stays(
    world: World, clock: SteppedClock
) -> None:
    aurora = world.aurora
    states = ("done", "given_up", "dead", "pending")
    answers = [await world.answered(aurora) for _ in states]
    async with world.database.begin(aurora.writing) as db:
        for answer, state in zip(answers, states, strict=True):
            row = (await db.scalars(select(Outbox).where(Outbox.ref_id == answer.id))).one()
            row.state, row.done_at = state, clock.now() if state in ("done", "given_up") else None
    clock.advance(timedelta(days=31))
    assert (await remove_of_brand(world.database, world.storage, aurora.id))["outbox_days"] == 2
    assert await count(world, aurora, Outbox.id, Outbox.state.in_(("dead", "pending"))) == 2
    assert await count(world, aurora, Message.id, Message.direction == "out") == 4


async def test_a_file_of_customers_goes_with_its_report_and_what_it_brought_in_keeps_its_source(
    world: World, clock: SteppedClock
) -> None:
    aurora = world.aurora
    async with world.database.begin(aurora.writing) as db:
        ids = [
            await bring_file(db, world.storage, f"Mail\n{name}@posta.example".encode(), f"{name}.csv")
            for name in ("gina", "ugo")
        ]
        done = await db.get_one(CustomerImport, (aurora.id, ids[0]))
        done.state, done.report = "done", '[[2,"new"]]'
    date_files(world, clock, (aurora,))
    clock.advance(timedelta(days=6))
    assert await remove_of_brand(world.database, world.storage, aurora.id) == NOTHING
    clock.advance(timedelta(days=2))
    assert await remove_of_brand(world.database, world.storage, aurora.id) == {**NOTHING, "import_days": 2}
    assert await remove_of_brand(world.database, world.storage, aurora.id) == NOTHING
    assert (files(world, aurora), await count(world, aurora, StoredFile.id)) == ([], 0)
    async with world.database.begin(aurora.reading) as db:
        rows = list(await db.scalars(select(CustomerImport).order_by(CustomerImport.id)))
    assert [(row.state, row.name, row.headings, row.mapping, row.report) for row in rows] == [
        (state, "", "[]", "[]", "") for state in ("done", "discarded")
    ]


async def test_many_go_in_small_batches_and_a_second_run_finds_nothing(
    world: World, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    aurora = world.aurora
    monkeypatch.setattr(brand_data, "BATCH", 2)
    for _ in range(5):
        await world.receive(aurora, letter(aurora.address))
    clock.advance(timedelta(days=366))
    assert (await remove_of_brand(world.database, world.storage, aurora.id))["raw_mail_days"] == 5
    assert await remove_of_brand(world.database, world.storage, aurora.id) == NOTHING
    assert await count(world, aurora, StoredFile.id) == 0


async def test_a_file_that_was_written_again_meanwhile_is_left_to_the_sweep(
    world: World, clock: SteppedClock
) -> None:
    aurora = world.aurora
    await world.receive(aurora, letter(aurora.address))
    clock.advance(timedelta(days=366))
    date_files(world, clock, (aurora,))
    assert (await remove_of_brand(world.database, world.storage, aurora.id))["raw_mail_days"] == 1
    assert len(files(world, aurora)) == 1


async def test_a_day_by_intervals_goes_with_its_files_and_the_later_ones_stay(
    world: World, clock: SteppedClock
) -> None:
    aurora = world.aurora
    await world.receive(aurora, letter(aurora.address))
    await catch_up(world.database, aurora.id)
    await feed(world.database, world.storage, aurora.id)
    clock.advance(timedelta(days=399))
    await feed(world.database, world.storage, aurora.id)
    kept = await count(world, aurora, IntervalFeed.id)
    assert (await remove_of_brand(world.database, world.storage, aurora.id))["feed_days"] == 0
    clock.advance(timedelta(days=2))
    assert (await remove_of_brand(world.database, world.storage, aurora.id))["feed_days"] == 4
    assert await count(world, aurora, IntervalFeed.id) == kept - 4 > 0
