"""Any bytes become a conversation or a quarantine entry, once; only our own trouble sends a mail away."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.models import Denial
from portavoce.channels.email import dedupe, mailroom
from portavoce.channels.email.errors import Unparsable
from portavoce.channels.email.letters import key_of
from portavoce.channels.email.models import InboundEvent, Mail
from portavoce.channels.email.receiving import Recipient
from portavoce.channels.email.tokens import ThreadKeys, issue
from portavoce.conversations.models import Message
from portavoce.core.db import Database
from portavoce.core.models import StoredFile
from portavoce.core.scope import HOUSE
from portavoce.ledger.verifying import verify_all
from tests.channels.email.corpus import CASES
from tests.depth import scaled
from tests.world import KEYS, World, WorldBrand, build_world, letter

HOSTILE = scaled(60, deep=2_000)


async def events(world: World, brand: WorldBrand) -> list[InboundEvent]:
    async with world.database.begin(brand.reading) as db:
        return list((await db.scalars(select(InboundEvent))).all())


async def denials(world: World, brand: WorldBrand) -> list[Denial]:
    async with world.database.begin(HOUSE) as db:
        rows = (await db.scalars(select(Denial).where(Denial.action == "email.thread"))).all()
    return [row for row in rows if str(brand.id) in row.detail]


def mutated(raw: bytes, chance: random.Random) -> bytes:
    """The same mail with some octets changed, lost or doubled."""
    octets = bytearray(raw)
    for _ in range(chance.randrange(6)):
        if not octets:
            break
        at = chance.randrange(len(octets))
        kind = chance.randrange(3)
        if kind == 0:
            octets[at] = chance.randrange(256)
        elif kind == 1:
            del octets[at : at + chance.randrange(1, 40)]
        else:
            octets[at:at] = octets[at : at + chance.randrange(1, 200)]
    return bytes(octets)


async def test_an_address_of_ours_is_known_with_its_brand_and_another_is_not(world: World) -> None:
    assert await world.room.known(world.aurora.address) == world.aurora.recipient
    assert await world.room.known("nobody@elsewhere.example") is None


async def test_a_mail_becomes_a_contact_with_its_message_its_raw_file_and_its_inbound_event(
    world: World,
) -> None:
    raw = letter(world.aurora.address)
    await world.receive(world.aurora, raw)
    [contact] = await world.contacts(world.aurora)
    [message] = await world.messages(world.aurora)
    [event] = await events(world, world.aurora)
    assert (contact.state, message.direction, message.state) == ("waiting", "in", "received")
    assert contact.due_at is not None
    assert message.body == "Buongiorno, la macchina perde acqua."
    assert (event.state, event.message_id) == ("done", message.id)
    async with world.database.begin(world.aurora.reading) as db:
        file = await db.get_one(StoredFile, (world.aurora.id, event.file_id))
    assert world.storage.read(file) == raw


async def test_the_same_mail_again_with_other_trace_fields_is_stored_once(world: World) -> None:
    raw = letter(world.aurora.address)
    await world.receive(world.aurora, raw)
    await world.receive(
        world.aurora, b"Received: from relay.example; Mon, 2 Mar 2026 12:05:00 +0000\r\n" + raw
    )
    assert len(await world.messages(world.aurora)) == 1
    assert len(await events(world, world.aurora)) == 1


async def test_two_identical_mails_at_once_are_stored_once_and_both_are_accepted(world: World) -> None:
    raw = letter(world.aurora.address)
    await asyncio.gather(*(world.receive(world.aurora, raw) for _ in range(4)))
    assert len(await world.messages(world.aurora)) == 1
    assert len(await world.contacts(world.aurora)) == 1


async def test_different_mails_of_one_new_customer_at_once_make_one_customer(world: World) -> None:
    await asyncio.gather(
        *(world.receive(world.aurora, letter(world.aurora.address, f"mail {n}")) for n in range(4))
    )
    assert len(await world.messages(world.aurora)) == 4
    assert await verify_all(world.database, [world.aurora.id]) == []


async def test_unreadable_bytes_are_put_aside_with_a_reason_and_twice_are_one_entry(world: World) -> None:
    for _ in range(2):
        await world.receive(world.aurora, b"  \r\n", envelope_from="gina@customer.example")
    [event] = await events(world, world.aurora)
    assert (event.state, event.reason, event.sender) == ("quarantined", "empty", "gina@customer.example")
    assert await world.contacts(world.aurora) == []


async def test_a_header_block_too_large_to_key_is_put_aside_once_however_often_it_comes(world: World) -> None:
    huge = b"X-Filler: " + b"a" * 1_200_000 + b"\r\nFrom: gina@customer.example\r\n\r\nx\r\n"
    for second in (b"01", b"02"):
        trace = b"Return-Path: <>\r\nReceived: from mx.example ([127.0.0.1])\r\n\tby us; 12:00:" + second
        await world.receive(world.aurora, trace + b"\r\n" + huge)
    [event] = await events(world, world.aurora)
    assert (event.state, event.reason) == ("quarantined", "header block too large")


async def test_hostile_mails_end_as_messages_quarantine_or_bounces_and_nothing_else(world: World) -> None:
    chance = random.Random(20261121)
    raws: dict[str, bytes] = {}
    while len(raws) < HOSTILE:
        raw = CASES[len(raws)].raw if len(raws) < len(CASES) else mutated(chance.choice(CASES).raw, chance)
        raw = raw + b"\r\n%d" % len(raws)
        raws[key_of(raw)] = raw
    places = asyncio.Semaphore(8)

    async def arrive(raw: bytes) -> None:
        async with places:
            await world.receive(world.aurora, raw)

    await asyncio.gather(*map(arrive, raws.values()))
    outcomes = Counter(event.state for event in await events(world, world.aurora))
    messages = await world.messages(world.aurora)
    assert sum(outcomes.values()) == HOSTILE
    assert set(outcomes) <= {"done", "quarantined", "bounce"}
    assert outcomes["done"] == len(messages)
    assert outcomes["quarantined"] > 0
    assert await verify_all(world.database, [world.aurora.id]) == []


async def test_a_mail_whose_filing_breaks_is_put_aside_rather_than_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_args: object) -> bool:
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr(mailroom, "file_letter", broken)
    await world.receive(world.aurora, letter(world.aurora.address))
    [event] = await events(world, world.aurora)
    assert (event.state, event.reason) == ("quarantined", "filing failed")


@pytest.mark.parametrize("text", ["index row size 3000 exceeds btree maximum", "disk is full"])
async def test_the_databases_limits_put_a_mail_aside_and_its_trouble_sends_it_away(
    world: World, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    too_complex = text.startswith("index")
    sqlstate = "54000" if too_complex else "53100"

    async def refused(db: AsyncSession, *_args: object) -> bool:
        error = psycopg.errors.lookup(sqlstate)(text)
        raise OperationalError("INSERT", {}, error)

    monkeypatch.setattr(mailroom, "file_letter", refused)
    if too_complex:
        await world.receive(world.aurora, letter(world.aurora.address))
    else:
        with pytest.raises(OperationalError):
            await world.receive(world.aurora, letter(world.aurora.address))
    assert len(await events(world, world.aurora)) == (1 if too_complex else 0)


async def test_a_database_that_is_away_raises_and_leaves_nothing_but_the_file(
    make_database: Callable[..., Database], world: World
) -> None:
    gone = Database({"portavoce_app": "postgresql+psycopg://x@/x?host=/nowhere"}, world.database.clock)
    room = mailroom.Mailroom(gone, world.storage, KEYS, "d")
    with pytest.raises(OperationalError):
        await room.accept(world.arrival(letter(world.aurora.address)), [world.aurora.recipient])
    await gone.close()
    assert await events(world, world.aurora) == []


async def test_a_full_disk_raises_before_anything_is_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(world.storage), "save", full)
    with pytest.raises(OSError, match="No space"):
        await world.receive(world.aurora, letter(world.aurora.address))
    assert await events(world, world.aurora) == []


async def test_a_token_of_the_other_brand_is_ignored_and_leaves_a_denial(world: World) -> None:
    await world.receive(world.bosco, letter(world.bosco.address))
    [theirs] = await world.contacts(world.bosco)
    token = issue(KEYS, world.bosco.id, theirs.conversation_id)
    await world.receive(world.aurora, letter(world.aurora.address), tag=token)
    [mine] = await world.contacts(world.aurora)
    assert mine.conversation_id != theirs.conversation_id
    assert len(await world.messages(world.bosco)) == 1
    assert [row.reason for row in await denials(world, world.aurora)] == ["token of another brand"]


async def test_a_genuine_token_or_a_forged_one_leaves_no_denial(world: World) -> None:
    await world.receive(world.aurora, letter(world.aurora.address))
    [first] = await world.contacts(world.aurora)
    token = issue(KEYS, world.aurora.id, first.conversation_id)
    forged = issue(ThreadKeys("a", {"a": b"z" * 32}), world.aurora.id, first.conversation_id)
    await world.receive(world.aurora, letter(world.aurora.address), tag=token)
    assert len(await world.contacts(world.aurora)) == 1
    await world.receive(world.aurora, letter(world.aurora.address), tag=forged)
    assert len(await world.contacts(world.aurora)) == 2
    assert await denials(world, world.aurora) == []


async def test_a_mail_to_two_addresses_of_a_brand_is_one_copy_and_the_tagged_one_decides(
    world: World,
) -> None:
    await world.receive(world.aurora, letter(world.aurora.address))
    [first] = await world.contacts(world.aurora)
    token = issue(KEYS, world.aurora.id, first.conversation_id)
    plain = world.aurora.recipient
    tagged = Recipient(
        brand_id=plain.brand_id, endpoint_id=plain.endpoint_id, address=plain.address, tag=token
    )
    await world.room.accept(world.arrival(letter(world.aurora.address)), [plain, tagged])
    assert len(await world.contacts(world.aurora)) == 1
    assert len(await world.messages(world.aurora)) == 2


async def test_pokes_leave_after_the_commit_and_not_for_what_rolled_back(
    make_database: Callable[..., Database], world: World, tmp_path: Path
) -> None:
    published: list[Any] = []

    async def publish(pokes: Any) -> None:
        published.extend(pokes)

    noisy = make_database(
        reactions=world.database.reactions, last_writers=world.database.last_writers, publish=publish
    )
    loud = await build_world(noisy, tmp_path / "loud")
    published.clear()
    await loud.receive(loud.aurora, letter(loud.aurora.address))
    assert {poke.view for poke in published} == {"queue", "interaction"}
    published.clear()
    await loud.receive(loud.aurora, b"\r\n")
    assert {poke.view for poke in published} == {"quarantine"}


def test_the_key_of_an_unkeyable_mail_does_not_depend_on_our_own_trace() -> None:
    huge = b"X: " + b"a" * 1_100_000 + b"\r\n\r\n"
    ours = b"Return-Path: <a@b.example>\r\nReceived: from x ([1.1.1.1])\r\n\tby y; %d\r\n"
    with pytest.raises(Unparsable):
        dedupe.key(huge)
    assert key_of(ours % 1 + huge) == key_of(ours % 2 + huge) == key_of(huge)
    assert key_of(huge) != key_of(huge + b"x")


async def test_every_filed_mail_knows_the_mail_it_was(world: World) -> None:
    await world.receive(world.aurora, letter(world.aurora.address, message_id="<one@customer.example>"))
    async with world.database.begin(world.aurora.reading) as db:
        [mail] = (await db.scalars(select(Mail))).all()
        [message] = (await db.scalars(select(Message))).all()
    assert (mail.message_id, mail.rfc_id, mail.from_address) == (
        message.id,
        "<one@customer.example>",
        "gina@customer.example",
    )
