"""What became of an outgoing message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations import delivery
from portavoce.conversations.claiming import claim
from portavoce.conversations.closing import close
from portavoce.conversations.errors import NoInteraction, NotUncertain
from portavoce.conversations.events import MessageQueued
from portavoce.conversations.models import Message
from portavoce.conversations.queries import message as load
from portavoce.conversations.reopening import reopen
from portavoce.conversations.replying import reply
from tests.database import NOON
from tests.floor import Floor, at_once, data, failures

Mark = Callable[..., Awaitable[None]]


async def mark(floor: Floor, message_id: UUID, become: Mark, *words: str) -> None:
    async def work(db: AsyncSession) -> None:
        await become(db, await load(db, message_id), *words)

    await floor.do(work)


async def queued(floor: Floor, interaction_id: UUID | None = None) -> Message:
    return await floor.do(reply, interaction_id or await floor.held(), "Buongiorno!", by=floor.anna)


async def test_the_first_answer_that_left_stops_the_clock(floor: Floor) -> None:
    message = await queued(floor)
    floor.later(minutes=10)
    before = await floor.last_n()
    await mark(floor, message.id, delivery.mark_sending)
    await mark(floor, message.id, delivery.mark_sent)
    at = NOON + timedelta(minutes=10)
    stored = await floor.get(Message, message.id)
    assert (stored.state, stored.sent_at, stored.failure) == ("sent", at, None)
    assert (await floor.contact(message.interaction_id)).first_response_at == at
    sent, stopped = await floor.facts(before)
    assert (sent.kind, sent.actor, sent.from_state, sent.to_state, sent.at) == (
        "message.sent", "system", "sending", "sent", at,
    )  # fmt: skip
    assert (sent.brand_agent_id, sent.lob_id) == (floor.anna.id, floor.aurora.lob_id)
    assert data(sent) == {"message": str(message.id), "channel": "email", "automatic": False}
    assert (stopped.kind, stopped.interaction_id) == ("clock.stopped", message.interaction_id)


async def test_only_the_first_answer_stops_it(floor: Floor) -> None:
    first = await queued(floor)
    second = await queued(floor, first.interaction_id)
    floor.later(minutes=1)
    await mark(floor, first.id, delivery.mark_sent)
    floor.later(minutes=1)
    await mark(floor, second.id, delivery.mark_sent)
    assert (await floor.contact(first.interaction_id)).first_response_at == NOON + timedelta(minutes=1)
    assert [fact.kind for fact in await floor.facts()].count("clock.stopped") == 1


async def test_two_answers_that_leave_at_once_stop_it_once(floor: Floor) -> None:
    first = await queued(floor)
    second = await queued(floor, first.interaction_id)
    results = await at_once(*(mark(floor, each.id, delivery.mark_sent) for each in (first, second)))
    assert not failures(results)
    assert [fact.kind for fact in await floor.facts()].count("clock.stopped") == 1


async def test_an_automatic_answer_stops_nothing(floor: Floor) -> None:
    message = await queued(floor)

    async def automatic(db: AsyncSession) -> None:
        await db.execute(update(Message).where(Message.id == message.id).values(automatic=True))

    await floor.do(automatic)
    await mark(floor, message.id, delivery.mark_sent)
    assert (await floor.contact(message.interaction_id)).first_response_at is None
    assert (await floor.facts())[-1].kind == "message.sent"
    assert data((await floor.facts())[-1])["automatic"] is True


async def test_an_answer_counts_when_it_leaves_after_the_contact_was_closed(floor: Floor) -> None:
    message = await queued(floor)
    await floor.do(close, message.interaction_id, "solved", by=floor.anna)
    floor.later(minutes=3)
    await mark(floor, message.id, delivery.mark_sent)
    contact = await floor.contact(message.interaction_id)
    assert (contact.state, contact.first_response_at) == ("closed", NOON + timedelta(minutes=3))


async def test_an_answer_after_reopening_is_not_the_first_again(floor: Floor) -> None:
    message = await queued(floor)
    await mark(floor, message.id, delivery.mark_sent)
    await floor.do(close, message.interaction_id, "solved", by=floor.anna)
    await floor.do(reopen, message.interaction_id, by=floor.anna)
    await floor.do(claim, message.interaction_id, by=floor.anna)
    floor.later(hours=1)
    await mark(floor, (await queued(floor, message.interaction_id)).id, delivery.mark_sent)
    assert (await floor.contact(message.interaction_id)).first_response_at == NOON
    assert [fact.kind for fact in await floor.facts()].count("clock.stopped") == 1


@pytest.mark.parametrize(
    ("become", "words", "state"),
    [
        (delivery.mark_failed, ("550 no such user gina",), "failed"),
        (delivery.mark_uncertain, (), "uncertain"),
    ],
)
async def test_what_did_not_arrive_is_told_and_stops_nothing(
    floor: Floor, become: Mark, words: tuple[str, ...], state: str
) -> None:
    message = await queued(floor)
    before = await floor.last_n()
    floor.pokes.clear()
    await mark(floor, message.id, become, *words)
    stored = await floor.get(Message, message.id)
    assert stored.state == state
    assert stored.failure
    assert stored.sent_at is None
    (fact,) = await floor.facts(before)
    assert (fact.kind, fact.from_state, fact.to_state) == (f"message.{state}", "queued", state)
    assert "gina" not in fact.body
    assert (await floor.contact(message.interaction_id)).first_response_at is None
    assert ("interaction", message.interaction_id) in [(poke.view, poke.id) for poke in floor.pokes]


@pytest.mark.parametrize("state", ["failed", "uncertain"])
async def test_an_agent_sends_again_what_failed_or_may_have(floor: Floor, state: str) -> None:
    heard: list[Any] = []

    async def hear(_db: AsyncSession, event: MessageQueued) -> None:
        heard.append(event.message.id)

    floor.database.reactions = {**floor.database.reactions, MessageQueued: [hear]}
    message = await queued(floor)
    if state == "failed":
        await mark(floor, message.id, delivery.mark_failed, "busy")
    else:
        await mark(floor, message.id, delivery.mark_uncertain)
    before = await floor.last_n()
    await floor.do(delivery.resend, message.id, by=floor.bruno)
    stored = await floor.get(Message, message.id)
    assert (stored.state, stored.failure) == ("queued", None)
    assert heard == [message.id, message.id]
    (fact,) = await floor.facts(before)
    assert (fact.kind, fact.actor, fact.from_state, fact.to_state) == (
        "message.requeued", str(floor.bruno.id), state, "queued",
    )  # fmt: skip
    assert (fact.interaction_id, fact.lob_id) == (message.interaction_id, floor.aurora.lob_id)
    assert data(fact) == {"message": str(message.id)}


async def test_what_may_have_arrived_twice_is_not_sent_a_third_time(floor: Floor) -> None:
    message = await queued(floor)
    await mark(floor, message.id, delivery.mark_uncertain)
    floor.later(minutes=2)
    await floor.do(delivery.resend, message.id, by=floor.anna)
    await mark(floor, message.id, delivery.mark_uncertain)
    before = await floor.last_n()
    floor.later(minutes=2)
    with pytest.raises(NotUncertain, match="Ask the customer before a third"):
        await floor.do(delivery.resend, message.id, by=floor.bruno)
    stored = await floor.get(Message, message.id)
    assert (stored.state, stored.resent_at) == ("uncertain", NOON + timedelta(minutes=2))
    assert await floor.facts(before) == []


async def test_what_was_refused_may_be_sent_again_each_time(floor: Floor) -> None:
    message = await queued(floor)
    for _ in range(2):
        await mark(floor, message.id, delivery.mark_failed, "busy")
        await floor.do(delivery.resend, message.id, by=floor.anna)
    stored = await floor.get(Message, message.id)
    assert (stored.state, stored.resent_at) == ("queued", None)


@pytest.mark.parametrize("become", [None, delivery.mark_sending, delivery.mark_sent])
async def test_what_is_on_its_way_or_arrived_is_not_sent_again(floor: Floor, become: Mark | None) -> None:
    message = await queued(floor)
    if become is not None:
        await mark(floor, message.id, become)
    with pytest.raises(NotUncertain):
        await floor.do(delivery.resend, message.id, by=floor.anna)


async def test_two_who_send_again_at_once_queue_it_once(floor: Floor) -> None:
    message = await queued(floor)
    await mark(floor, message.id, delivery.mark_uncertain)
    results = await at_once(*(floor.do(delivery.resend, message.id, by=by) for by, _ in floor.pair))
    assert not failures(results, NotUncertain)
    assert [fact.kind for fact in await floor.facts()].count("message.requeued") == 1


async def test_a_message_of_another_brand_does_not_exist(floor: Floor) -> None:
    for missing in ((await floor.write_in(at=floor.world.bosco)).id, uuid4()):
        with pytest.raises(NoInteraction):
            await floor.do(delivery.resend, missing, by=floor.anna)
