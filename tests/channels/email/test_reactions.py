"""An answer gets its envelope and an outbox row in the transaction that queues it."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email.errors import NothingToWriteTo
from portavoce.channels.email.models import Mail
from portavoce.channels.email.tokens import issue
from portavoce.channels.email.turns import TOPIC
from portavoce.conversations import replying
from portavoce.conversations.claiming import claim
from portavoce.conversations.delivery import mark_failed, resend
from portavoce.conversations.models import Interaction, Message
from portavoce.conversations.moving import move_to_channel
from portavoce.conversations.receiving import Inbound, receive
from portavoce.core.models import Outbox
from portavoce.customers.finding import find_or_create
from portavoce.customers.identifying import add_identity
from portavoce.customers.models import CustomerIdentity
from tests.channels.email.test_strangers import posted
from tests.world import KEYS, World, letter


async def envelope(world: World, message: Message) -> Mail:
    async with world.database.begin(world.aurora.reading) as db:
        return await db.get_one(Mail, (world.aurora.id, message.id))


async def waiting(world: World) -> list[Outbox]:
    async with world.database.begin(world.aurora.reading) as db:
        return list((await db.scalars(select(Outbox).order_by(Outbox.id))).all())


async def test_an_answer_is_addressed_threaded_and_put_into_the_outbox(world: World) -> None:
    first = letter(world.aurora.address, message_id="<1@x.example>", References="<0@x.example>")
    await world.receive(world.aurora, first)
    [contact] = await world.contacts(world.aurora)
    answer = await world.answer(world.aurora, contact.id)
    mail = await envelope(world, answer)
    token = issue(KEYS, world.aurora.id, contact.conversation_id)
    assert (mail.to_address, mail.from_address) == ("gina@customer.example", world.aurora.address)
    assert (mail.in_reply_to, mail.refs) == ("<1@x.example>", "<0@x.example> <1@x.example>")
    assert mail.rfc_id.startswith(f"<{token}.")
    assert [(row.topic, row.ref_id, row.state) for row in await waiting(world)] == [
        (TOPIC, answer.id, "pending")
    ]


async def test_an_answer_goes_to_the_person_and_not_to_the_robot_that_wrote_last(world: World) -> None:
    await world.receive(world.aurora, letter(world.aurora.address, message_id="<1@x.example>"))
    [contact] = await world.contacts(world.aurora)
    token = issue(KEYS, world.aurora.id, contact.conversation_id)
    for sender in ("tickets@robot.example", "gina@customer.example"):
        robot = letter(world.aurora.address, sender=sender, Auto_Submitted="auto-replied")
        await world.receive(world.aurora, robot, tag=token)
    mail = await envelope(world, await world.answer(world.aurora, contact.id))
    assert (mail.to_address, mail.in_reply_to) == ("gina@customer.example", "<1@x.example>")


async def test_the_second_answer_refers_to_what_the_customer_wrote_last(world: World) -> None:
    """Whoever else the thread's token brought in does not become the one who is answered."""
    await world.receive(world.aurora, letter(world.aurora.address, message_id="<1@x.example>"))
    [contact] = await world.contacts(world.aurora)
    token = issue(KEYS, world.aurora.id, contact.conversation_id)
    await world.receive(world.aurora, letter(world.aurora.address, message_id="<2@x.example>"), tag=token)
    other = letter(world.aurora.address, sender="ugo@customer.example", message_id="<3@x.example>")
    await world.receive(world.aurora, other, tag=token)
    mail = await envelope(world, await world.answer(world.aurora, contact.id))
    assert (mail.to_address, mail.in_reply_to) == ("gina@customer.example", "<2@x.example>")


async def test_sending_again_keeps_the_message_id_and_adds_one_outbox_row(world: World) -> None:
    answer = await world.answered(world.aurora)
    before = await envelope(world, answer)
    async with world.database.begin(world.aurora.writing) as db:
        await mark_failed(db, await db.get_one(Message, (world.aurora.id, answer.id)), "no")
    by = world.anna.at(world.aurora)
    await world.database.run(world.aurora.writing, lambda db: resend(db, answer.id, by=by))
    assert (await envelope(world, answer)).rfc_id == before.rfc_id
    assert [row.ref_id for row in await waiting(world)] == [answer.id, answer.id]
    again = await world.message(world.aurora, answer.id)
    assert (again.state, again.failure) == ("queued", None)


async def test_an_answer_that_rolls_back_leaves_no_outbox_row(world: World) -> None:
    await world.answered(world.aurora)
    [contact] = await world.contacts(world.aurora)

    async def answer_and_break(db: AsyncSession) -> None:
        await replying.reply(db, contact.id, "mai partita", by=world.anna.at(world.aurora))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await world.database.run(world.aurora.writing, answer_and_break)
    assert len(await waiting(world)) == 1


async def test_a_note_goes_nowhere(world: World) -> None:
    await world.receive(world.aurora, letter(world.aurora.address))
    [contact] = await world.contacts(world.aurora)
    by = world.bruno.at(world.aurora)
    await world.database.run(world.aurora.writing, lambda db: replying.note(db, contact.id, "nota", by=by))
    assert await waiting(world) == []


async def called(world: World) -> Interaction:
    """Gina called; Anna has the contact, and it goes on by mail."""
    by = world.anna.at(world.aurora)

    async def call(db: AsyncSession) -> UUID:
        gina = await find_or_create(db, "email", "gina@customer.example", "Gina Verdi", "it")
        await add_identity(db, gina.id, "phone", "+393385550142", by=by)
        inbound = Inbound(
            channel="phone", lob_id=world.aurora.lob_id, customer=gina, author="Gina", subject="Perdita", body="Perde."
        )  # fmt: skip
        return (await receive(db, inbound)).interaction_id

    contact = await world.database.run(world.aurora.writing, call)
    await world.database.run(world.aurora.writing, lambda db: claim(db, contact, by=by))
    await world.database.run(world.aurora.writing, lambda db: move_to_channel(db, contact, "email", by=by))
    [row] = await world.contacts(world.aurora)
    return row


async def test_after_a_call_the_first_mail_finds_the_customer_and_their_answer_the_contact(
    world: World,
) -> None:
    contact = await called(world)
    answer = await world.answer(world.aurora, contact.id)
    mail = await envelope(world, answer)
    assert (mail.to_address, mail.from_address) == ("gina@customer.example", world.aurora.address)
    assert (mail.in_reply_to, mail.refs) == (None, "")
    [(_, _, raw)] = await posted(world, answer)
    assert b"Subject: Perdita\r\n" in raw
    await world.receive(world.aurora, letter(world.aurora.address, "Grazie", In_Reply_To=mail.rfc_id))
    [same] = await world.contacts(world.aurora)
    assert same.id == contact.id
    assert {each.interaction_id for each in await world.messages(world.aurora)} == {contact.id}


async def test_to_whom_nobody_can_write_nothing_is_written(world: World) -> None:
    contact = await called(world)
    async with world.database.begin(world.aurora.writing) as db:
        await db.execute(delete(CustomerIdentity).where(CustomerIdentity.channel == "email"))
    with pytest.raises(NothingToWriteTo):
        await world.answer(world.aurora, contact.id)
    assert await waiting(world) == []
