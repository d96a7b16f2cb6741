"""An inbound message finds its thread: the open interaction, one resumed in the window, or a new one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.contracts.models import Clause
from portavoce.conversations.claiming import claim
from portavoce.conversations.closing import close
from portavoce.conversations.models import Conversation, Interaction, Message
from portavoce.conversations.receiving import REOPEN_WINDOW
from portavoce.conversations.reopening import reopen
from tests.database import NOON
from tests.floor import Floor, at_once, data, failures


async def window(db: AsyncSession, length: timedelta) -> None:
    await db.execute(update(Clause).values(reopen_window_s=int(length.total_seconds())))


async def thread_of(floor: Floor, interaction_id: object) -> Conversation:
    contacts = {each.id: each.conversation_id for each in await floor.rows(Interaction)}
    return await floor.get(Conversation, contacts[interaction_id])  # type: ignore[index] # -- an id of ours


async def test_a_message_of_an_open_thread_joins_its_interaction(floor: Floor) -> None:
    first = await floor.write_in()
    floor.later(minutes=5)
    before = await floor.last_n()
    second = await floor.write_in(thread=first.conversation_id)
    assert second.interaction_id == first.interaction_id
    assert await floor.told(before) == ["message.received"]
    assert (await floor.get(Conversation, first.conversation_id)).last_at == NOON + timedelta(minutes=5)


async def test_what_was_received_is_a_fact_by_the_customer(floor: Floor) -> None:
    message = await floor.write_in()
    fact = (await floor.facts())[-1]
    assert (fact.kind, fact.actor, fact.interaction_id) == (
        "message.received",
        "customer",
        message.interaction_id,
    )
    assert data(fact) == {"message": str(message.id), "channel": "email", "automatic": False}


async def test_a_message_to_a_held_contact_leaves_it_in_hand(floor: Floor) -> None:
    interaction_id = await floor.held()
    thread = (await thread_of(floor, interaction_id)).id
    await floor.write_in(thread=thread)
    assert (await floor.contact(interaction_id)).brand_agent_id == floor.anna.id
    assert (await floor.slot()).used == 1


async def test_within_the_window_the_old_interaction_resumes(floor: Floor) -> None:
    interaction_id = await floor.closed()
    thread = (await thread_of(floor, interaction_id)).id
    floor.later(days=7)
    before = await floor.last_n()
    again = await floor.write_in(thread=thread)
    contact, work = await floor.contact(interaction_id), await floor.work(interaction_id)
    assert again.interaction_id == interaction_id
    assert (contact.state, contact.closed_at, contact.brand_agent_id) == ("waiting", None, None)
    assert (work.state, work.queued_at) == ("waiting", NOON + timedelta(days=7))
    assert await floor.told(before) == ["interaction.reopened", "message.received"]
    assert (await floor.facts(before))[0].actor == "customer"


async def test_after_the_window_a_new_interaction_follows_the_old(floor: Floor) -> None:
    interaction_id = await floor.closed()
    thread = (await thread_of(floor, interaction_id)).id
    floor.later(days=7, seconds=1)
    again = await floor.write_in(thread=thread)
    contact = await floor.contact(again.interaction_id)
    assert again.interaction_id != interaction_id
    assert (contact.follows_id, contact.conversation_id) == (interaction_id, thread)
    assert (await floor.contact(interaction_id)).state == "closed"


@pytest.mark.parametrize(("after", "resumes"), [(3600, True), (3601, False)])
async def test_the_window_is_the_clauses(floor: Floor, after: int, resumes: bool) -> None:
    await floor.do(window, timedelta(hours=1))
    interaction_id = await floor.closed()
    thread = (await thread_of(floor, interaction_id)).id
    floor.later(seconds=after)
    again = await floor.write_in(thread=thread)
    assert (again.interaction_id == interaction_id) is resumes


@pytest.mark.parametrize(("after", "resumes"), [(REOPEN_WINDOW, True), (REOPEN_WINDOW * 1.01, False)])
async def test_without_a_clause_the_window_is_the_houses(
    floor: Floor, after: timedelta, resumes: bool
) -> None:
    message = await floor.write_in(channel="chat")
    await floor.do(claim, message.interaction_id, by=floor.anna)
    await floor.do(close, message.interaction_id, "solved", by=floor.anna)
    floor.clock.advance(after)
    again = await floor.write_in(channel="chat", thread=message.conversation_id)
    assert (again.interaction_id == message.interaction_id) is resumes


async def test_each_channel_of_a_thread_has_an_interaction_of_its_own(floor: Floor) -> None:
    mail = await floor.write_in()
    chat = await floor.write_in(channel="chat", thread=mail.conversation_id)
    assert chat.interaction_id != mail.interaction_id
    assert (await floor.contact(chat.interaction_id)).follows_id is None
    assert (await floor.write_in(thread=mail.conversation_id)).interaction_id == mail.interaction_id


async def test_an_automatic_message_never_reopens(floor: Floor) -> None:
    interaction_id = await floor.closed()
    thread = (await thread_of(floor, interaction_id)).id
    for later in (timedelta(minutes=1), timedelta(days=30)):
        floor.clock.advance(later)
        before = await floor.last_n()
        answer = await floor.write_in(thread=thread, automatic=True)
        assert answer.interaction_id == interaction_id
        assert await floor.told(before) == ["message.received"]
        assert data((await floor.facts())[-1])["automatic"] is True
    assert (await floor.contact(interaction_id)).state == "closed"
    assert len(await floor.rows(Interaction)) == 1


async def test_two_at_once_after_the_window_open_one_interaction(floor: Floor) -> None:
    interaction_id = await floor.closed()
    thread = (await thread_of(floor, interaction_id)).id
    floor.later(days=30)
    results = await at_once(*(floor.write_in(thread=thread) for _ in range(8)))
    assert not failures(results)
    opened = {each.interaction_id for each in results if isinstance(each, Message)}
    assert len(opened) == 1
    assert opened != {interaction_id}
    assert len(await floor.rows(Interaction)) == 2
    assert [each.kind for each in await floor.facts()].count("interaction.opened") == 2


async def test_two_at_once_within_the_window_resume_it_once(floor: Floor) -> None:
    interaction_id = await floor.closed()
    thread = (await thread_of(floor, interaction_id)).id
    results = await at_once(*(floor.write_in(thread=thread) for _ in range(8)))
    assert not failures(results)
    assert [each.kind for each in await floor.facts()].count("interaction.reopened") == 1
    assert [each.state for each in await floor.rows(Interaction)] == ["waiting"]


async def test_a_message_does_not_take_a_resumed_contact_from_its_new_holder(floor: Floor) -> None:
    for _ in range(5):
        interaction_id = await floor.closed()
        thread = (await thread_of(floor, interaction_id)).id

        async def reopen_and_claim(contact: object = interaction_id) -> None:
            await floor.do(reopen, contact, by=floor.bruno)
            await floor.do(claim, contact, by=floor.bruno)

        results = await at_once(reopen_and_claim(), *(floor.write_in(thread=thread) for _ in range(4)))
        contact = await floor.contact(interaction_id)
        held = contact.state == "assigned"
        assert (await floor.slot(floor.world.bruno)).used == int(held)
        assert (await floor.work(interaction_id)).state == contact.state
        assert not failures(results[1:])
        if held:
            await floor.do(close, interaction_id, "solved", by=floor.bruno)


async def test_an_automatic_first_message_is_work_all_the_same(floor: Floor) -> None:
    message = await floor.write_in(automatic=True)
    assert (await floor.contact(message.interaction_id)).state == "waiting"


async def test_the_words_are_kept_as_they_came(floor: Floor) -> None:
    message = await floor.get(Message, (await floor.write_in()).id)
    assert (message.direction, message.state, message.author) == ("in", "received", "Gina Verdi")
    assert (message.subject, message.body, message.at) == ("Aiuto", "La macchina perde acqua.", NOON)
