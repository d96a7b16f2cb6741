"""Answers of one conversation leave in the order in which they were written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portavoce.channels.email.delivery import OTHERS_FIRST, RELAY_AWAY
from portavoce.conversations.models import Message
from portavoce.conversations.replying import reply
from portavoce.conversations.withdrawing import withdraw
from portavoce.core.delivering import Retry
from portavoce.core.models import Outbox
from tests.channels.email.test_delivery import deliver, state
from tests.fakes.smtp_sink import SmtpSink, running
from tests.world import World, letter


async def two_answers(world: World) -> tuple[Message, Message]:
    first = await world.answered(world.aurora)
    world.database.clock.advance(timedelta(seconds=5))  # type: ignore[attr-defined]  # -- a stepped clock
    return first, await world.answer(world.aurora, first.interaction_id, "E ancora questo.")


async def due(world: World, message: Message) -> timedelta:
    """Until the row of a message is tried."""
    async with world.database.begin(world.aurora.writing) as db:
        row = (await db.scalars(select(Outbox).where(Outbox.ref_id == message.id))).one()
    return row.run_at - world.database.clock.now()


async def put_off(world: World, message: Message) -> None:
    """As the worker does when a delivery raised Retry."""
    async with world.database.begin(world.aurora.writing) as db:
        row = (await db.scalars(select(Outbox).where(Outbox.ref_id == message.id))).one()
        row.state, row.run_at = "pending", world.database.clock.now() + timedelta(minutes=30)


async def test_an_answer_waits_for_the_one_before_it_and_is_called_when_that_has_left(world: World) -> None:
    first, second = await two_answers(world)
    async with running(SmtpSink(replies={"RCPT": "450 later"})) as sink:
        for message in (first, second):
            with pytest.raises(Retry):
                await deliver(world, sink, message.id)
            await put_off(world, message)
        assert (await world.message(world.aurora, first.id)).failure == "later"
        assert (await world.message(world.aurora, second.id)).failure == OTHERS_FIRST
        assert sink.seen.count("RCPT") == 1, "the second did not even try"
        sink.replies.clear()
        await deliver(world, sink, first.id)
        assert await due(world, second) <= timedelta(0)
        await deliver(world, sink, second.id)
    assert [await state(world, one.id) for one in (first, second)] == ["sent", "sent"]
    assert b"E ancora" in sink.mails[1].raw
    assert (await world.message(world.aurora, second.id)).failure is None


async def test_an_answer_that_failed_for_good_holds_nobody(world: World) -> None:
    first, second = await two_answers(world)
    async with running(SmtpSink(replies={"RCPT": "550 nobody"})) as sink:
        await put_off(world, second)
        await deliver(world, sink, first.id)
        assert await due(world, second) <= timedelta(0)
        sink.replies.clear()
        await deliver(world, sink, second.id)
    assert [await state(world, one.id) for one in (first, second)] == ["failed", "sent"]


async def test_another_conversation_does_not_wait(world: World) -> None:
    first, _ = await two_answers(world)
    await world.receive(world.bosco, letter(world.bosco.address, "altro"))
    await world.receive(world.aurora, letter(world.aurora.address, "altro", sender="Ugo <ugo@x.example>"))
    other = await world.answer(world.aurora, (await world.contacts(world.aurora))[-1].id)
    async with running(SmtpSink()) as sink:
        await deliver(world, sink, other.id)
        assert await state(world, other.id) == "sent"
        closed = sink
    with pytest.raises(Retry):
        await deliver(world, closed, first.id)
    waiting = await world.message(world.aurora, first.id)
    assert (waiting.state, waiting.failure) == ("queued", RELAY_AWAY)


async def later_answer(world: World) -> tuple[Message, Message]:
    """One that is to leave tomorrow, and one written after it that is not."""
    await world.receive(world.aurora, letter(world.aurora.address))
    [contact] = await world.contacts(world.aurora)
    await world.answer(world.aurora, contact.id, "Subito.")
    tomorrow = world.database.clock.now() + timedelta(days=1)
    by = world.anna.at(world.aurora)
    late = await world.database.run(
        world.aurora.writing, lambda db: reply(db, contact.id, "Domani.", by=by, leaves_at=tomorrow)
    )
    world.database.clock.advance(timedelta(seconds=5))  # type: ignore[attr-defined]  # -- a stepped clock
    return late, await world.answer(world.aurora, contact.id, "E subito questo.")


async def test_an_answer_that_is_to_leave_later_holds_nobody_and_nobody_calls_it_early(world: World) -> None:
    late, after = await later_answer(world)
    [first] = [each for each in await world.messages(world.aurora) if each.body == "Subito."]
    async with running(SmtpSink()) as sink:
        for message in (first, after):
            await deliver(world, sink, message.id)
            assert timedelta(hours=23) < await due(world, late) <= timedelta(days=1)
    assert [await state(world, each.id) for each in (first, after, late)] == ["sent", "sent", "queued"]


async def test_an_answer_taken_back_is_not_sent_and_holds_nobody(world: World) -> None:
    first, second = await two_answers(world)
    by = world.anna.at(world.aurora)
    await world.database.run(world.aurora.writing, lambda db: withdraw(db, first.id, by=by))
    async with running(SmtpSink()) as sink:
        for message in (first, second):
            await deliver(world, sink, message.id)
    assert [b"E ancora" in mail.raw for mail in sink.mails] == [True]
    assert [await state(world, each.id) for each in (first, second)] == ["withdrawn", "sent"]
