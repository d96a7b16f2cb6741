"""Handed over: to a colleague who has it at once or leaves it first in line, or to another line of business."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.signs import GONE_AFTER, heard_of
from portavoce.brands.adding import add_line
from portavoce.conversations.claiming import claim, release
from portavoce.conversations.closing import close
from portavoce.conversations.delivery import mark_sent
from portavoce.conversations.desk_queries import queue_of_brands
from portavoce.conversations.drafting import drafts_of, keep_draft
from portavoce.conversations.errors import EmptyText, HeldByOther, NoReceiver, UnknownDisposition
from portavoce.conversations.handling import focus
from portavoce.conversations.models import Disposition, HandlingSegment, Message
from portavoce.conversations.queries import message
from portavoce.conversations.replying import reply
from portavoce.conversations.setting_aside import set_aside
from portavoce.conversations.transferring import hand_to_colleague, hand_to_queue
from portavoce.core.db import REPORT
from portavoce.core.scope import HOUSE
from portavoce.core.unit import new_id
from portavoce.reporting.cuts import Cut
from portavoce.reporting.facts import Anchor, last_fact
from portavoce.reporting.month import read_month_report
from portavoce.reporting.months import Month
from portavoce.reporting.observing.following import catch_up
from portavoce.reporting.verifying import verify_books
from tests.consistency import contradictions
from tests.conversations.back_office.asked import asked, olga
from tests.database import NOON
from tests.floor import PERSONAL, Floor, data

NOTE = "Vuole parlare con chi segue i resi."


async def returns(floor: Floor) -> UUID:
    """A second line of business of Aurora, with one outcome of its own."""

    async def add(db: AsyncSession) -> UUID:
        line, _queue = add_line(db, "Resi", "it")
        await db.flush()
        db.add(Disposition(id=new_id(db), lob_id=line.id, code="returned", label="Reso", position=0))
        return line.id

    return await floor.do(add)


async def test_a_colleague_with_room_has_it_in_hand_at_once_and_reads_why(floor: Floor) -> None:
    contact = await floor.held()
    await floor.do(focus, contact, by=floor.anna)
    before = await floor.work(contact)
    floor.pokes.clear()
    await floor.do(hand_to_colleague, contact, floor.bruno.id, NOTE, by=floor.anna)
    row, work = await floor.contact(contact), await floor.work(contact)
    assert (row.state, work.state, row.brand_agent_id) == ("assigned", "assigned", floor.bruno.id)
    assert ((await floor.slot()).used, (await floor.slot(floor.world.bruno)).used) == (0, 1)
    assert (work.queued_at, work.due_at) == (before.queued_at, before.due_at)
    note = (await floor.rows(Message))[-1]
    assert (note.direction, note.body, note.author) == ("note", NOTE, "Anna")
    assert all(each.ended_at for each in await floor.rows(HandlingSegment))
    people = {each.id for each in floor.pokes if each.view == "person"}
    assert people == {floor.world.anna.agent_id, floor.world.bruno.agent_id}
    fact = (await floor.facts())[-1]
    assert (fact.kind, fact.actor, fact.brand_agent_id) == (
        "interaction.transferred",
        str(floor.anna.id),
        floor.bruno.id,
    )
    assert (fact.from_state, fact.to_state, data(fact)["target"]) == ("assigned", "assigned", "agent")
    assert not [word for word in (NOTE, *PERSONAL) if word.lower() in fact.body.lower()]
    assert await contradictions(floor) == []


async def on_a_break(floor: Floor) -> None:
    await floor.choose("aux", "break", agent=floor.world.bruno)


async def full(floor: Floor) -> None:
    for _ in range((await floor.slot(floor.world.bruno)).cap):
        await floor.held(floor.world.bruno)


@pytest.mark.parametrize("busy", [on_a_break, full])
async def test_one_who_cannot_take_it_leaves_it_first_in_line_for_whoever_is_free(
    floor: Floor, busy: Callable[[Floor], Awaitable[None]]
) -> None:
    earlier = await floor.waiting()
    floor.later(minutes=5)
    contact = await floor.held()
    await busy(floor)
    await floor.do(hand_to_colleague, contact, floor.bruno.id, NOTE, by=floor.anna)
    assert (await floor.contact(contact)).state == "waiting"
    async with floor.database.begin(floor.aurora.reading) as db:
        line = [row.interaction_id for row in await queue_of_brands(db, [floor.aurora.id], 50)]
        first = [row.interaction_id for row in await queue_of_brands(db, [floor.aurora.id], 1)]
    assert (line, first) == ([contact, earlier], [contact])
    assert data((await floor.facts())[-1])["to"] == str(floor.bruno.id)
    assert await contradictions(floor) == []
    await floor.do(claim, contact, by=floor.anna)
    await floor.do(release, contact, by=floor.anna)
    assert (await floor.work(contact)).ahead_since is None


async def test_it_goes_to_nobody_who_is_not_there_and_to_no_other_brand(floor: Floor) -> None:
    contact = await floor.held()
    for nobody in (floor.anna.id, uuid4(), floor.world.anna.at(floor.world.bosco).id):
        with pytest.raises(NoReceiver):
            await floor.do(hand_to_colleague, contact, nobody, NOTE, by=floor.anna)
    await floor.choose("offline", agent=floor.world.bruno)
    with pytest.raises(NoReceiver):
        await floor.do(hand_to_colleague, contact, floor.bruno.id, NOTE, by=floor.anna)
    await floor.choose("ready", agent=floor.world.bruno)
    await floor.database.run(HOUSE, lambda db: heard_of(db, floor.world.bruno.person_id))
    floor.clock.advance(GONE_AFTER + timedelta(seconds=1))
    with pytest.raises(NoReceiver):
        await floor.do(hand_to_colleague, contact, floor.bruno.id, NOTE, by=floor.anna)
    assert (await floor.contact(contact)).brand_agent_id == floor.anna.id


async def test_only_its_holder_hands_it_over_and_says_why(floor: Floor) -> None:
    contact, line = await floor.held(), await returns(floor)
    with pytest.raises(HeldByOther):
        await floor.do(hand_to_colleague, contact, floor.anna.id, NOTE, by=floor.bruno)
    with pytest.raises(HeldByOther):
        await floor.do(hand_to_queue, contact, line, NOTE, by=floor.bruno)
    with pytest.raises(EmptyText):
        await floor.do(hand_to_colleague, contact, floor.bruno.id, " ", by=floor.anna)
    assert (await floor.contact(contact)).brand_agent_id == floor.anna.id
    assert (await floor.slot()).used == 1


async def test_a_note_begun_before_is_not_lost(floor: Floor) -> None:
    contact = await floor.held()
    await floor.do(keep_draft, contact, "note", "Un appunto mio", by=floor.anna)
    await floor.do(hand_to_colleague, contact, floor.bruno.id, NOTE, by=floor.anna)
    async with floor.database.begin(floor.aurora.reading) as db:
        assert await drafts_of(db, contact, floor.world.anna.agent_id) == {"note": "Un appunto mio"}


async def test_another_line_of_business_works_on_it_by_its_own_outcomes(floor: Floor) -> None:
    contact, line = await floor.held(), await returns(floor)
    await floor.do(hand_to_queue, contact, line, NOTE, by=floor.anna)
    work = await floor.work(contact)
    assert (work.state, work.lob_id, work.due_at) == ("waiting", line, NOON + timedelta(hours=4))
    assert (await floor.slot()).used == 0
    fact = (await floor.facts())[-1]
    assert (data(fact)["target"], data(fact)["to"], fact.to_state) == ("queue", str(line), "waiting")
    await floor.do(claim, contact, by=floor.bruno)
    with pytest.raises(NoReceiver):
        await floor.do(hand_to_queue, contact, line, NOTE, by=floor.bruno)
    with pytest.raises(UnknownDisposition):
        await floor.do(close, contact, "solved", by=floor.bruno)
    await floor.do(close, contact, "returned", by=floor.bruno)
    assert await contradictions(floor) == []


async def test_no_other_brands_line_of_business_has_it(floor: Floor) -> None:
    contact = await floor.held()
    for nowhere in (floor.world.bosco.lob_id, floor.aurora.lob_id, uuid4()):
        with pytest.raises(NoReceiver):
            await floor.do(hand_to_queue, contact, nowhere, NOTE, by=floor.anna)


async def test_the_promise_and_the_count_stay_with_the_line_of_the_opening(floor: Floor) -> None:
    contact, line = await floor.held(), await returns(floor)
    await floor.do(hand_to_queue, contact, line, NOTE, by=floor.anna)
    assert (await floor.contact(contact)).lob_id == floor.aurora.lob_id
    await floor.do(claim, contact, by=floor.bruno)
    sent = await floor.do(reply, contact, "Eccomi", by=floor.bruno)
    await floor.do(lambda db: _leave(db, sent.id))
    facts = [each for each in await floor.facts() if each.interaction_id == contact]
    assert {each.lob_id for each in facts} == {floor.aurora.lob_id}
    assert [each.kind for each in facts].count("interaction.opened") == 1
    assert [data(each)["met"] for each in facts if each.kind == "clock.stopped"] == [True]


async def test_however_often_it_is_handed_over_the_report_counts_it_once(floor: Floor) -> None:
    contact, line = await floor.held(), await returns(floor)
    await floor.do(hand_to_queue, contact, line, NOTE, by=floor.anna)
    await floor.do(claim, contact, by=floor.bruno)
    await floor.do(hand_to_colleague, contact, floor.anna.id, NOTE, by=floor.bruno)
    await olga(floor)
    await asked(floor, contact)
    brand = floor.aurora.id
    await catch_up(floor.database, brand)
    async with floor.database.begin(floor.aurora.reading, role=REPORT, snapshot=True) as db:
        anchor = Anchor(*await last_fact(db, brand), floor.clock.now())
        report = await read_month_report(db, brand, "Europe/Rome", Month(2026, 3), anchor)
    assert report.count("received") == report.count("received", Cut(lob_id=floor.aurora.lob_id)) == 1


async def _leave(db: AsyncSession, message_id: UUID) -> None:
    await mark_sent(db, await message(db, message_id))


async def test_the_books_hold_whatever_was_handed_over_or_put_aside(floor: Floor) -> None:
    first, second, third = await floor.held(), await floor.held(), await floor.held()
    await floor.do(hand_to_colleague, first, floor.bruno.id, NOTE, by=floor.anna)
    await floor.do(hand_to_queue, second, await returns(floor), NOTE, by=floor.anna)
    await floor.do(set_aside, third, "snoozed", NOON + timedelta(days=1), by=floor.anna)
    assert await verify_books(floor.database, [floor.aurora.id]) == []
