"""A person turns a quarantined mail into a contact, once."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from portavoce.audit.models import AuditEntry
from portavoce.channels.email.models import InboundEvent
from portavoce.channels.email.quarantine import quarantined
from portavoce.channels.email.releasing import UNKNOWN, release
from portavoce.conversations.errors import NoInteraction
from portavoce.conversations.models import Attachment, Message
from portavoce.core.models import StoredFile
from portavoce.customers.models import CustomerIdentity
from tests.channels.email.corpus import CASES, Case
from tests.world import World, letter

UNREADABLE = [case for case in CASES if case.unparsable]


async def released(world: World, raw: bytes, envelope_from: str = "gina@customer.example") -> Message:
    await world.receive(world.aurora, raw, envelope_from=envelope_from)
    async with world.database.begin(world.aurora.reading) as db:
        [entry] = await quarantined(db)
    return await world.database.run(
        world.aurora.writing, lambda db: release(db, entry.id, world.storage, by="admin")
    )


async def test_a_released_mail_is_a_contact_with_the_original_attached(world: World) -> None:
    raw = letter(world.aurora.address, "Aiuto!").replace(b"Gina Verdi <gina@customer.example>", b"?")
    message = await released(world, raw)
    assert message.body.startswith("Aiuto!")
    [contact] = await world.contacts(world.aurora)
    assert contact.state == "waiting"
    assert contact.due_at is not None
    async with world.database.begin(world.aurora.reading) as db:
        [attached] = (await db.scalars(select(Attachment))).all()
        file = await db.get_one(StoredFile, (world.aurora.id, attached.file_id))
        [event] = (await db.scalars(select(InboundEvent))).all()
        actions = (await db.scalars(select(AuditEntry.action))).all()
    assert (attached.name, attached.media_type) == ("original.eml", "message/rfc822")
    assert world.storage.read(file) == raw
    assert (event.state, event.message_id) == ("released", message.id)
    assert "mail.released" in actions


@pytest.mark.parametrize("case", UNREADABLE, ids=lambda case: case.name)
async def test_what_cannot_be_read_says_so_and_keeps_the_file(world: World, case: Case) -> None:
    message = await released(world, case.raw)
    assert "could not be read" in message.body


@pytest.mark.parametrize(
    ("envelope_from", "identity"),
    [
        ("gina@customer.example", "gina@customer.example"),
        ("", UNKNOWN),
        ("not an address", UNKNOWN),
        ("Gina <gina@customer.example>", "gina@customer.example"),
        ("x@@y..z", UNKNOWN),
    ],
)
async def test_the_customer_is_who_the_envelope_names_or_unknown(
    world: World, envelope_from: str, identity: str
) -> None:
    await released(world, b"\r\n", envelope_from)
    async with world.database.begin(world.aurora.reading) as db:
        assert (await db.scalars(select(CustomerIdentity.value))).all() == [identity]


async def test_two_people_at_once_release_it_once(world: World) -> None:
    await world.receive(world.aurora, b"\r\n")
    async with world.database.begin(world.aurora.reading) as db:
        [entry] = await quarantined(db)

    async def one() -> Message:
        return await world.database.run(
            world.aurora.writing, lambda db: release(db, entry.id, world.storage, by="admin")
        )

    ends = await asyncio.gather(one(), one(), return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["Message", "NoInteraction"]
    assert len(await world.contacts(world.aurora)) == 1


async def test_an_entry_of_another_brand_cannot_be_released(world: World) -> None:
    await world.receive(world.bosco, b"\r\n")
    async with world.database.begin(world.bosco.reading) as db:
        [entry] = await quarantined(db)
    with pytest.raises(NoInteraction):
        await world.database.run(
            world.aurora.writing, lambda db: release(db, entry.id, world.storage, by="admin")
        )


async def test_a_released_contact_can_be_answered(world: World) -> None:
    await released(world, b"\r\n")
    [contact] = await world.contacts(world.aurora)
    answer = await world.answer(world.aurora, contact.id)
    assert answer.state == "queued"
