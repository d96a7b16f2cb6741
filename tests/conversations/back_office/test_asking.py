"""A question to the client: the contact leaves the hands, the client is told, its own clock runs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portavoce.conversations.back_office.asking import ask_client, recall
from portavoce.conversations.back_office.errors import NobodyThere, NotOpen, OpenAlready
from portavoce.conversations.claiming import claim
from portavoce.conversations.closing import close
from portavoce.conversations.errors import EmptyText, HeldByOther, NotHeld, WithClient
from portavoce.conversations.replying import reply
from portavoce.core.errors import Conflict
from portavoce.identity.people import disable
from tests.consistency import contradictions
from tests.conversations.back_office.asked import QUESTION, SHARED, asked, mails, olga, promised, request_of
from tests.database import NOON
from tests.floor import PERSONAL, Floor, data
from tests.world import HOUSE_NAME


async def test_it_leaves_the_hands_and_the_queue_and_its_promise_to_the_customer_goes_on(
    floor: Floor,
) -> None:
    await olga(floor)
    contact = await floor.held()
    due = (await floor.contact(contact)).due_at
    await asked(floor, contact)
    row, work = await floor.contact(contact), await floor.work(contact)
    assert (row.state, work.state, row.brand_agent_id) == ("with_client", "with_client", floor.anna.id)
    assert (row.due_at, work.due_at) == (due, due)
    assert (await floor.slot()).used == 0
    moved, told = (await floor.facts())[-2:]
    assert (moved.kind, moved.from_state, moved.to_state) == (
        "interaction.transferred",
        "assigned",
        "with_client",
    )
    assert data(moved)["target"] == "client"
    assert told.kind == "back_office.asked"
    assert not [word for word in (QUESTION, SHARED, *PERSONAL) if word.lower() in told.body.lower()]
    assert await contradictions(floor) == []


async def test_the_client_is_told_where_to_read_and_not_what(floor: Floor) -> None:
    one, gone = await olga(floor), await olga(floor)
    elsewhere = await olga(floor, floor.world.bosco)
    await floor.do(disable, gone, by=floor.world.elena)
    contact = await asked(floor)
    request = await request_of(floor, contact)
    (mail,) = await mails(floor, one)
    assert f"https://care.voxa.example/portal/{floor.aurora.slug}/requests/{request.id}" in mail
    assert not [word for word in (QUESTION, SHARED, *PERSONAL) if word.lower() in mail.lower()]
    assert await mails(floor, gone) == await mails(floor, elsewhere) == []


async def test_where_nobody_may_answer_nothing_is_asked(floor: Floor) -> None:
    await olga(floor, floor.world.bosco)
    contact = await floor.held()
    with pytest.raises(NobodyThere):
        await asked(floor, contact)
    assert (await floor.contact(contact)).state == "assigned"
    assert (await floor.slot()).used == 1


async def test_its_clock_runs_in_open_hours_by_the_promise_of_that_moment(floor: Floor) -> None:
    await olga(floor)
    first = await asked(floor)
    assert (await request_of(floor, first)).due_at is None
    assert data((await floor.facts())[-1])["due"] is None
    await promised(floor, 2)
    contact = await floor.held()
    floor.later(minutes=30)
    second = await asked(floor, contact)
    assert (await request_of(floor, second)).due_at == NOON + timedelta(hours=2.5)
    assert {"clause", "calendar_version"} <= data((await floor.facts())[-1]).keys()
    await promised(floor, 8)
    assert (await request_of(floor, second)).due_at == NOON + timedelta(hours=2.5)
    third = await asked(floor)
    assert (await request_of(floor, third)).due_at == NOON + timedelta(hours=0.5 + 8 + 15)
    await promised(floor, None)
    assert (await request_of(floor, await asked(floor))).due_at is None


async def test_only_its_holder_asks_once_and_something(floor: Floor) -> None:
    await olga(floor)
    contact = await floor.held()
    with pytest.raises(HeldByOther):
        await floor.do(ask_client, HOUSE_NAME, contact, QUESTION, shared="", by=floor.bruno)
    with pytest.raises(EmptyText):
        await floor.do(ask_client, HOUSE_NAME, contact, " \n", shared="", by=floor.anna)
    await asked(floor, contact)
    with pytest.raises(NotHeld):
        await floor.do(reply, contact, "Ancora una cosa", by=floor.anna)
    with pytest.raises(WithClient):
        await floor.do(claim, contact, by=floor.bruno)


async def test_the_customers_word_brings_it_back_and_the_question_stays_open(floor: Floor) -> None:
    await olga(floor)
    contact = await asked(floor)
    thread = (await floor.contact(contact)).conversation_id
    await floor.write_in(thread=thread, automatic=True)
    assert (await floor.contact(contact)).state == "with_client"
    await floor.write_in(thread=thread)
    assert (await floor.contact(contact)).state == (await floor.work(contact)).state == "waiting"
    assert (await request_of(floor, contact)).state == "open"
    await floor.do(claim, contact, by=floor.bruno)
    with pytest.raises(OpenAlready):
        await floor.do(ask_client, HOUSE_NAME, contact, QUESTION, shared="", by=floor.bruno)
    with pytest.raises(HeldByOther):
        await floor.do(recall, contact, by=floor.anna)
    await floor.do(recall, contact, by=floor.bruno)
    assert (await floor.contact(contact)).brand_agent_id == floor.bruno.id
    assert (await floor.slot(floor.world.bruno)).used == 1
    await floor.do(ask_client, HOUSE_NAME, contact, QUESTION, shared="", by=floor.bruno)
    assert await contradictions(floor) == []


async def test_it_is_taken_back_into_the_hands_of_whoever_does(floor: Floor) -> None:
    await olga(floor)
    contact = await asked(floor)
    await floor.do(recall, contact, by=floor.bruno)
    row = await floor.contact(contact)
    assert (row.state, row.brand_agent_id) == ("assigned", floor.bruno.id)
    assert (await request_of(floor, contact)).state == "recalled"
    assert await floor.told(await floor.last_n() - 2) == ["back_office.recalled", "interaction.assigned"]
    with pytest.raises(NotOpen):
        await floor.do(recall, contact, by=floor.bruno)
    assert await contradictions(floor) == []


async def test_closing_the_contact_takes_the_question_back(floor: Floor) -> None:
    await olga(floor)
    contact = await asked(floor)
    thread = (await floor.contact(contact)).conversation_id
    await floor.write_in(thread=thread)
    await floor.do(claim, contact, by=floor.bruno)
    await floor.do(close, contact, "solved", by=floor.bruno)
    request = await request_of(floor, contact)
    assert (request.state, request.ended_at) == ("recalled", (await floor.contact(contact)).closed_at)
    assert "back_office.recalled" in await floor.told(await floor.last_n() - 3)
    assert await contradictions(floor) == []


async def test_who_is_not_there_takes_nothing_back(floor: Floor) -> None:
    await olga(floor)
    contact = await asked(floor)
    await floor.choose("aux", "break", agent=floor.world.bruno)
    with pytest.raises(Conflict):
        await floor.do(recall, contact, by=floor.bruno)
    assert (await request_of(floor, contact)).state == "open"
    assert (await floor.contact(contact)).state == "with_client"
