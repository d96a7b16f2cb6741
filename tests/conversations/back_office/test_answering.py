"""The client's answer: a note, and the contact is back where it belongs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portavoce.agents.signs import GONE_AFTER, heard_of
from portavoce.conversations.back_office.answering import answer
from portavoce.conversations.back_office.errors import NoRequest, NotOpen
from portavoce.conversations.claiming import claim
from portavoce.conversations.closing import close
from portavoce.conversations.errors import EmptyText
from portavoce.conversations.models import Message
from portavoce.core.scope import HOUSE
from portavoce.identity.models import AccessGrant
from portavoce.onboarding.people import take_role
from tests.consistency import contradictions
from tests.conversations.back_office.asked import answered, asked, olga, promised, request_of
from tests.floor import PERSONAL, Floor, data

ANSWER = "Sì, due anni."


async def test_it_is_a_note_of_the_clients_person_and_of_no_agent(floor: Floor) -> None:
    by = await olga(floor)
    contact = await asked(floor)
    await answered(floor, contact, by, ANSWER)
    note = (await floor.rows(Message))[-1]
    assert (note.direction, note.body, note.author) == ("note", ANSWER, "Olga, back office")
    assert note.brand_agent_id is None
    request = await request_of(floor, contact)
    assert (request.state, request.answer, request.answered_by) == ("answered", ANSWER, by)
    facts = (await floor.facts())[-3:]
    assert {fact.actor for fact in facts} == {"client"}
    said = " ".join(fact.body.lower() for fact in facts)
    assert not [word for word in (ANSWER.lower(), "olga", by.hex, str(by), *PERSONAL) if word in said]


async def test_the_contact_returns_to_who_asked(floor: Floor) -> None:
    by = await olga(floor)
    contact = await asked(floor)
    floor.pokes.clear()
    await answered(floor, contact, by)
    row = await floor.contact(contact)
    assert (row.state, row.brand_agent_id) == ("assigned", floor.anna.id)
    assert (await floor.slot()).used == 1
    fact = (await floor.facts())[-1]
    assert (fact.kind, fact.from_state, fact.to_state) == ("interaction.returned", "with_client", "assigned")
    assert {(each.view, each.id) for each in floor.pokes} >= {
        ("interaction", contact), ("queue", contact), ("person", floor.world.anna.agent_id),
    }  # fmt: skip
    assert await contradictions(floor) == []


async def on_a_break(floor: Floor) -> None:
    await floor.choose("aux", "break")


async def at_home(floor: Floor) -> None:
    await floor.choose("offline")


async def full(floor: Floor) -> None:
    for _ in range((await floor.slot()).cap):
        await floor.held()


async def gone(floor: Floor) -> None:
    await floor.database.run(HOUSE, lambda db: heard_of(db, floor.world.anna.person_id))
    floor.clock.advance(GONE_AFTER + timedelta(seconds=1))


async def of_another_brand_by_now(floor: Floor) -> None:
    await take_role(
        floor.database,
        person_id=floor.world.anna.person_id,
        grant_id=await grant_of(floor),
        by=floor.world.elena,
    )


async def grant_of(floor: Floor) -> UUID:
    async with floor.database.begin(HOUSE) as db:
        query = select(AccessGrant.id).where(
            AccessGrant.person_id == floor.world.anna.person_id, AccessGrant.brand_id == floor.aurora.id
        )
        return (await db.scalars(query)).one()


@pytest.mark.parametrize("away", [on_a_break, at_home, full, gone, of_another_brand_by_now])
async def test_who_is_not_there_or_has_no_room_leaves_it_first_in_line(
    floor: Floor, away: Callable[[Floor], Awaitable[None]]
) -> None:
    by = await olga(floor)
    earlier = await floor.waiting()
    contact = await asked(floor)
    await away(floor)
    await answered(floor, contact, by)
    row, work = await floor.contact(contact), await floor.work(contact)
    assert (row.state, work.state, row.brand_agent_id) == ("waiting", "waiting", None)
    assert work.ahead_since is not None
    assert (await floor.work(earlier)).ahead_since is None
    assert await contradictions(floor) == []
    await floor.do(claim, contact, by=floor.bruno)
    assert (await floor.work(contact)).ahead_since is None


async def test_one_that_came_back_meanwhile_stays_where_it_is(floor: Floor) -> None:
    by = await olga(floor)
    contact = await asked(floor)
    await floor.write_in(thread=(await floor.contact(contact)).conversation_id)
    await floor.do(claim, contact, by=floor.bruno)
    await answered(floor, contact, by)
    row = await floor.contact(contact)
    assert (row.state, row.brand_agent_id) == ("assigned", floor.bruno.id)
    assert ("person", floor.world.bruno.agent_id) in {(each.view, each.id) for each in floor.pokes}
    assert await contradictions(floor) == []


async def test_one_that_was_closed_meanwhile_needs_no_answer_and_stays_closed(floor: Floor) -> None:
    by = await olga(floor)
    contact = await asked(floor)
    await floor.write_in(thread=(await floor.contact(contact)).conversation_id)
    await floor.do(claim, contact, by=floor.anna)
    await floor.do(close, contact, "solved", by=floor.anna)
    with pytest.raises(NotOpen):
        await answered(floor, contact, by)
    assert (await floor.contact(contact)).state == "closed"
    assert await contradictions(floor) == []


@pytest.mark.parametrize(("hours", "later", "met"), [(2, 2, True), (2, 3, False), (None, 1, None)])
async def test_the_fact_says_whether_it_came_in_time(
    floor: Floor, hours: float | None, later: float, met: bool | None
) -> None:
    by = await olga(floor)
    await promised(floor, hours)
    contact = await asked(floor)
    floor.later(hours=later)
    await answered(floor, contact, by)
    [fact] = [each for each in await floor.facts() if each.kind == "back_office.answered"]
    told = data(fact)
    assert told["met"] is met
    assert told["request"] == str((await request_of(floor, contact)).id)
    assert told["asked"]


async def test_a_second_answer_an_empty_one_and_one_to_nothing_are_refused(floor: Floor) -> None:
    by = await olga(floor)
    contact = await asked(floor)
    with pytest.raises(EmptyText):
        await answered(floor, contact, by, "  ")
    assert (await request_of(floor, contact)).state == "open"
    await answered(floor, contact, by)
    with pytest.raises(NotOpen):
        await answered(floor, contact, by)
    with pytest.raises(NoRequest):
        await floor.do(answer, contact, "A nulla", person_id=by)
    assert [each.direction for each in await floor.rows(Message)].count("note") == 1
