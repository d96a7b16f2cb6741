"""An answer leaves in steps that a crash cannot blur: tried again before the final dot, never after it."""

from __future__ import annotations

import asyncio
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest
from sqlalchemy import select, update

from portavoce.channels.email import sending
from portavoce.channels.email.delivery import Postman
from portavoce.channels.email.errors import Uncertain
from portavoce.channels.email.models import Mail
from portavoce.channels.email.sending import Relay
from portavoce.channels.email.tokens import issue
from portavoce.conversations.delivery import mark_sending, resend
from portavoce.conversations.models import Message
from portavoce.core.delivering import Job, Retry
from portavoce.ledger.models import LedgerEvent
from portavoce.ledger.verifying import verify_all
from tests.fakes.smtp_sink import DROP, SmtpSink, running
from tests.world import DEPLOYMENT, KEYS, World, letter


def postman(world: World, sink: SmtpSink) -> Postman:
    relay = Relay(host="127.0.0.1", port=sink.port, security="none", timeout=5)
    return Postman(relay, KEYS, DEPLOYMENT, world.database.clock)


async def deliver(world: World, sink: SmtpSink, message_id: UUID) -> None:
    await postman(world, sink).deliver(world.database, Job(world.aurora.id, message_id))


async def state(world: World, message_id: UUID) -> str:
    return (await world.message(world.aurora, message_id)).state


async def facts(world: World) -> list[str]:
    async with world.database.begin(world.aurora.reading) as db:
        return list((await db.scalars(select(LedgerEvent.kind).order_by(LedgerEvent.n))).all())


async def test_it_leaves_as_the_brand_with_everything_that_threads_it(world: World) -> None:
    await world.receive(world.aurora, letter(world.aurora.address, message_id="<1@x.example>"))
    [contact] = await world.contacts(world.aurora)
    answer = await world.answer(world.aurora, contact.id, "Però sì.")
    async with running(SmtpSink()) as sink:
        await deliver(world, sink, answer.id)
    [sunk] = sink.mails
    mail = message_from_bytes(sunk.raw, policy=default)
    token = issue(KEYS, world.aurora.id, contact.conversation_id)
    assert [(one.display_name, one.addr_spec) for one in mail["From"].addresses] == [
        ("Aurora", world.aurora.address)
    ]
    assert (sunk.envelope_from, sunk.recipients) == (world.aurora.address, ("gina@customer.example",))
    assert token in mail["Message-ID"]
    assert f"+{token}@" in mail["Reply-To"]
    assert (mail["In-Reply-To"], mail["References"], mail["Subject"]) == (
        "<1@x.example>",
        "<1@x.example>",
        "Re: Aiuto",
    )
    assert mail["X-Portavoce-Deployment"] == DEPLOYMENT
    text = mail.get_content()
    assert "Però sì." in text
    assert "Il team Aurora" in text
    assert (await world.message(world.aurora, answer.id)).sent_at == world.database.clock.now()
    [contact] = await world.contacts(world.aurora)
    assert contact.first_response_at == world.database.clock.now()
    assert (await facts(world))[-2:] == ["message.sent", "clock.stopped"]


async def test_a_sent_message_is_not_sent_again(world: World) -> None:
    answer = await world.answered(world.aurora)
    async with running(SmtpSink()) as sink:
        for _ in range(3):
            await deliver(world, sink, answer.id)
    assert len(sink.mails) == 1
    assert (await facts(world)).count("message.sent") == 1


@pytest.mark.parametrize("stage", ["RCPT", "MAIL", "dot"])
async def test_a_refusal_for_good_is_shown_with_the_relays_words(world: World, stage: str) -> None:
    answer = await world.answered(world.aurora)
    async with running(SmtpSink(replies={stage: "550 5.1.1 no such user"})) as sink:
        await deliver(world, sink, answer.id)
    message = await world.message(world.aurora, answer.id)
    assert (message.state, message.failure) == ("failed", "5.1.1 no such user")


@pytest.mark.parametrize(
    "replies",
    [{"greeting": "421 busy"}, {"RCPT": "450 later"}, {"DATA": DROP}, {"dot": "452 full"}],
    ids=lambda replies: next(iter(replies)),
)
async def test_trouble_before_the_mail_is_taken_is_tried_again_and_sent_once(
    world: World, replies: dict[str, str]
) -> None:
    answer = await world.answered(world.aurora)
    async with running(SmtpSink(replies=replies)) as sink:
        with pytest.raises(Retry):
            await deliver(world, sink, answer.id)
        assert await state(world, answer.id) == "queued"
        sink.replies.clear()
        sink.mails.clear()
        await deliver(world, sink, answer.id)
    assert await state(world, answer.id) == "sent"
    assert len(sink.mails) == 1


async def test_trouble_with_the_relay_itself_is_named_for_the_administrator(world: World) -> None:
    answer = await world.answered(world.aurora)
    async with running(SmtpSink()) as sink:
        closed = sink
    with pytest.raises(Retry, match=r"\(unreachable\)"):
        await deliver(world, closed, answer.id)


async def test_no_answer_after_the_dot_is_uncertain_and_no_machine_sends_it_again(world: World) -> None:
    answer = await world.answered(world.aurora)
    async with running(SmtpSink(replies={"dot": DROP})) as sink:
        await deliver(world, sink, answer.id)
        sink.replies.clear()
        await deliver(world, sink, answer.id)
    message = await world.message(world.aurora, answer.id)
    assert message.state == "uncertain"
    assert message.failure is not None
    assert len(sink.mails) == 1


async def test_the_agent_may_send_an_uncertain_one_again_under_the_same_message_id(world: World) -> None:
    answer = await world.answered(world.aurora)
    by = world.anna.at(world.aurora)
    async with running(SmtpSink(replies={"dot": DROP})) as sink:
        await deliver(world, sink, answer.id)
        sink.replies.clear()
        await world.database.run(world.aurora.writing, lambda db: resend(db, answer.id, by=by))
        await deliver(world, sink, answer.id)
    ids = [message_from_bytes(sunk.raw, policy=default)["Message-ID"] for sunk in sink.mails]
    assert len(ids) == 2
    assert ids[0] == ids[1]
    assert await state(world, answer.id) == "sent"


async def test_a_worker_that_died_after_the_mark_leaves_an_uncertain_message(world: World) -> None:
    answer = await world.answered(world.aurora)
    async with world.database.begin(world.aurora.writing) as db:
        await mark_sending(db, await db.get_one(Message, (world.aurora.id, answer.id)))
    async with running(SmtpSink()) as sink:
        await deliver(world, sink, answer.id)
    assert await state(world, answer.id) == "uncertain"
    assert sink.seen == []


async def test_two_workers_at_once_send_it_once(world: World) -> None:
    answer = await world.answered(world.aurora)
    async with running(SmtpSink()) as sink:
        await asyncio.gather(*(deliver(world, sink, answer.id) for _ in range(3)))
        await deliver(world, sink, answer.id)
    assert len(sink.mails) == 1
    assert await state(world, answer.id) in ("sent", "uncertain")


async def test_an_address_that_cannot_be_written_to_is_a_failure_with_words(world: World) -> None:
    answer = await world.answered(world.aurora)
    async with world.database.begin(world.aurora.writing) as db:
        await db.execute(
            update(Mail).where(Mail.message_id == answer.id).values(to_address="pérsona@x.example")
        )
    async with running(SmtpSink()) as sink:
        await deliver(world, sink, answer.id)
    message = await world.message(world.aurora, answer.id)
    assert message.state == "failed"
    assert "pérsona@x.example is no address" in (message.failure or "")
    assert sink.seen == []


async def test_giving_up_fails_what_waits_and_leaves_the_rest(world: World) -> None:
    answer = await world.answered(world.aurora)
    job = Job(world.aurora.id, answer.id)
    async with running(SmtpSink()) as sink:
        post = postman(world, sink)
        await post.give_up(world.database, job, "the relay does not answer")
        message = await world.message(world.aurora, answer.id)
        assert (message.state, message.failure) == (
            "failed",
            "Tried several times: the relay does not answer",
        )
        by = world.anna.at(world.aurora)
        await world.database.run(world.aurora.writing, lambda db: resend(db, answer.id, by=by))
        await post.deliver(world.database, job)
        await post.give_up(world.database, job, "late")
    assert await state(world, answer.id) == "sent"


async def test_giving_up_what_was_being_sent_is_uncertain(world: World) -> None:
    answer = await world.answered(world.aurora)
    async with world.database.begin(world.aurora.writing) as db:
        await mark_sending(db, await db.get_one(Message, (world.aurora.id, answer.id)))
    async with running(SmtpSink()) as sink:
        await postman(world, sink).give_up(world.database, Job(world.aurora.id, answer.id), "cut off")
    assert await state(world, answer.id) == "uncertain"


async def test_taken_over_between_offer_and_mark_it_hangs_up_at_once_without_a_mail(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await world.answered(world.aurora)
    real = sending.offer

    async def overtaken(link: sending.Connection, sender: str, to: list[str], *, size: int = 0) -> None:
        await real(link, sender, to, size=size)
        async with world.database.begin(world.aurora.writing) as db:
            await mark_sending(db, await db.get_one(Message, (world.aurora.id, answer.id)))

    monkeypatch.setattr(sending, "offer", overtaken)
    async with running(SmtpSink()) as sink:
        async with asyncio.timeout(4):
            await deliver(world, sink, answer.id)
    assert sink.mails == []
    assert await state(world, answer.id) == "sending"


async def test_the_ledger_holds_after_every_kind_of_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(connection: sending.Connection, _raw: bytes) -> str:
        connection.close()
        raise Uncertain(0, "no answer")

    answer = await world.answered(world.aurora)
    monkeypatch.setattr(sending, "transmit", lost)
    async with running(SmtpSink()) as sink:
        await deliver(world, sink, answer.id)
    assert (await facts(world))[-1] == "message.uncertain"
    assert await verify_all(world.database, [world.aurora.id]) == []
