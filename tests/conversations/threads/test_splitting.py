"""Messages about another matter become a contact of their own: what moves, what stays, whose it is, what is counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from portavoce.agents.models import AgentSlot
from portavoce.conversations.aftercare import Complaint, Promise
from portavoce.conversations.complaining import complain
from portavoce.conversations.drafting import keep_draft
from portavoce.conversations.errors import HeldByOther, NotHeld
from portavoce.conversations.found import found_messages
from portavoce.conversations.models import Conversation, Draft
from portavoce.conversations.promising import promise
from portavoce.conversations.replying import note, reply
from portavoce.conversations.thread_queries import conversation_view
from portavoce.conversations.threads.errors import CannotSplit
from portavoce.conversations.threads.merging import merge_contacts
from portavoce.conversations.threads.models import ThreadSplit
from portavoce.conversations.threads.splitting import (
    ALL,
    FOREIGN,
    LONGEST,
    MOVED,
    NOTHING,
    UNNAMED,
    split_contact,
)
from portavoce.conversations.transferring import hand_to_colleague
from portavoce.core.scope import HOUSE
from portavoce.ledger.models import Ticket
from tests.conversations.bulk.acting import place
from tests.conversations.conftest import counted
from tests.conversations.threads.split_off import METER, said_in, split, two_matters
from tests.conversations.threads.test_merging import figures, sound
from tests.conversations.threads.twice import answered, thread_of
from tests.database import NOON
from tests.floor import PERSONAL, Floor, at_once, data, failures
from tests.world import HOUSE_NAME


async def test_the_messages_are_a_contact_of_their_own_of_the_same_customer_line_and_case(
    floor: Floor,
) -> None:
    contact, (first, second, third) = await two_matters(floor)
    before = await place(floor, contact)
    done = await split(floor, contact, [second, third])
    old, new = await floor.contact(contact), await floor.contact(done.opened_id)
    assert await place(floor, contact) == before
    assert (await said_in(floor, contact), await said_in(floor, new.id)) == ([first], [second, third])
    threads = {each.id: each for each in await floor.rows(Conversation)}
    thread, into = threads[old.conversation_id], threads[new.conversation_id]
    assert (into.subject, into.customer_id, into.lob_id) == (METER, thread.customer_id, thread.lob_id)
    assert (new.care_case_id, new.lob_id, new.channel) == (old.care_case_id, old.lob_id, old.channel)
    assert (new.state, new.brand_agent_id) == ("assigned", floor.anna.id)
    assert (await floor.slot()).used == 2
    numbers = {each.interaction_id: each.number for each in await floor.rows(Ticket)}
    assert numbers == {contact: 1, new.id: 2}
    assert await sound(floor)


async def test_its_clock_began_when_its_earliest_message_arrived_and_nothing_is_due_later_than_before(
    floor: Floor,
) -> None:
    contact, [_, second, third] = await two_matters(floor)
    await answered(floor, contact)
    floor.later(minutes=-20)
    as_if = await floor.contact((await floor.write_in(sender="ugo@customer.example")).interaction_id)
    floor.later(hours=1)
    old, counted = await floor.contact(contact), await figures(floor)
    done = await split(floor, contact, [third, second])
    new, work = await floor.contact(done.opened_id), await floor.work(done.opened_id)
    assert (new.opened_at, new.due_at) == (as_if.opened_at, as_if.due_at)
    assert (work.queued_at, work.due_at, new.first_response_at) == (new.opened_at, new.due_at, None)
    kept = await floor.contact(contact)
    assert (kept.opened_at, kept.due_at, kept.first_response_at) == (
        old.opened_at,
        old.due_at,
        old.first_response_at,
    )
    assert await figures(floor) == {
        **counted, "received": counted["received"] + 1, "running": counted["running"] + 1
    }  # fmt: skip
    floor.later(days=20)
    assert (await figures(floor))["late"] == 2
    assert await sound(floor)


async def test_both_are_told_and_nothing_personal(floor: Floor) -> None:
    contact, [_, second, _third] = await two_matters(floor)
    n = await floor.last_n()
    floor.pokes.clear()
    done = await split(floor, contact, [second], "Gina Verdi perde acqua")
    opened, told, assigned = await floor.facts(n)
    assert [each.kind for each in (opened, told, assigned)] == [
        "interaction.opened", "thread.split", "interaction.assigned",
    ]  # fmt: skip
    assert (opened.interaction_id, opened.at, opened.actor) == (
        done.opened_id,
        NOON + timedelta(minutes=10),
        str(floor.anna.id),
    )
    assert data(opened)["out_of"] == str(contact)
    assert (told.interaction_id, data(told)) == (contact, {"into": str(done.opened_id), "messages": 1})
    assert not [word for fact in (opened, told, assigned) for word in PERSONAL if word in fact.body.lower()]
    shown = {(each.view, each.id) for each in floor.pokes}
    assert {("interaction", contact), ("interaction", done.opened_id), ("queue", done.opened_id)} <= shown


@pytest.mark.parametrize("busy", ["full", "on a pause"])
async def test_who_may_hold_no_more_leaves_it_waiting_in_the_place_of_its_due_moment(
    floor: Floor, busy: str
) -> None:
    contact, [_, second, _third] = await two_matters(floor)
    if busy == "full":
        async with floor.database.begin(HOUSE) as db:
            full = update(AgentSlot).where(AgentSlot.agent_id == floor.world.anna.agent_id).values(cap=1)
            await db.execute(full)
    else:
        await floor.choose("aux", "break")
    new = await floor.contact((await split(floor, contact, [second])).opened_id)
    assert (new.state, new.brand_agent_id, (await floor.work(new.id)).state) == ("waiting", None, "waiting")
    assert (await floor.slot()).used == 1
    assert await sound(floor)


async def test_answers_notes_drafts_promises_and_a_complaint_stay(floor: Floor) -> None:
    contact, [first, second, third] = await two_matters(floor)
    answer = await floor.do(reply, contact, "Ecco.", by=floor.anna)
    left = await floor.do(note, contact, "Richiamare.", by=floor.anna)
    await floor.do(keep_draft, contact, "reply", "Gentile", by=floor.anna)
    await floor.do(promise, contact, "promise", "Un ricambio", NOON + timedelta(days=1), by=floor.anna)
    await floor.do(complain, contact, house=HOUSE_NAME, by=floor.anna)
    done = await split(floor, contact, [second])
    said = await said_in(floor, contact)
    assert set(said) > {first, third, answer.id, left.id}
    assert await said_in(floor, done.opened_id) == [second]
    [kept], [complaint], [vow] = (
        await floor.rows(Draft),
        await floor.rows(Complaint),
        await floor.rows(Promise),
    )
    assert {each.interaction_id for each in (kept, complaint, vow)} == {contact}
    assert await sound(floor)


async def test_what_came_from_others_or_is_ours_does_not_move_and_one_message_stays(floor: Floor) -> None:
    contact, [first, second] = await two_matters(floor, mails=2)
    thread = await thread_of(floor, contact)
    strangers = await floor.write_in(sender="ugo@customer.example", thread=thread)
    machines = await floor.write_in(thread=thread, automatic=True)
    ours = await floor.do(reply, contact, "Ecco.", by=floor.anna)
    elsewhere = await floor.write_in(sender="ida@customer.example")
    n, before = await floor.last_n(), await place(floor, contact)
    for chosen, why in (
        ([], NOTHING),
        ([first, second], ALL),
        ([first, strangers.id], MOVED),
        ([machines.id], MOVED),
        ([ours.id], MOVED),
        ([elsewhere.id], MOVED),
    ):
        with pytest.raises(CannotSplit, match=why) as refused:
            await split(floor, contact, chosen)
        assert list(refused.value.fields) == ["moved"]
    assert (await floor.last_n(), await place(floor, contact)) == (n, before)


async def test_the_subject_is_read_by_the_customer_so_it_is_named_short_and_of_this_brand(
    floor: Floor,
) -> None:
    contact, [_, second, _third] = await two_matters(floor)
    for subject, why in (
        ("  ", UNNAMED),
        ("x" * (LONGEST + 1), UNNAMED),
        (f"Scriva a {floor.world.bosco.address}", FOREIGN),
    ):
        with pytest.raises(CannotSplit, match=why) as refused:
            await split(floor, contact, [second], subject)
        assert list(refused.value.fields) == ["split_subject"]
    await split(floor, contact, [second], "  Il   mio\ncontatore ")
    assert "Il mio contatore" in {each.subject for each in await floor.rows(Conversation)}


async def test_only_its_holder_splits_it(floor: Floor) -> None:
    contact, [_, second, _third] = await two_matters(floor)
    with pytest.raises(HeldByOther):
        await floor.do(split_contact, contact, [second], METER, by=floor.bruno)
    waiting = await floor.write_in(sender="ugo@customer.example")
    with pytest.raises(NotHeld):
        await split(floor, waiting.interaction_id, [waiting.id])


async def test_of_two_who_split_the_same_at_once_exactly_one_does(floor: Floor) -> None:
    for each in range(2):
        contact, [_, second, _third] = await two_matters(floor, sender=f"c{each}@customer.example")
        results = await at_once(*(split(floor, contact, [second]) for _ in range(3)))
        assert failures(results, CannotSplit) == []
        assert len(failures(results)) == 2
    assert len(await floor.rows(ThreadSplit)) == 2
    assert await sound(floor)


@pytest.mark.deep
async def test_splitting_while_it_is_handed_on_is_done_before_or_not_at_all(floor: Floor) -> None:
    for each in range(2):
        contact, [_, second, _third] = await two_matters(floor, sender=f"c{each}@customer.example")
        results = await at_once(
            split(floor, contact, [second]),
            floor.do(hand_to_colleague, contact, floor.bruno.id, "Tua.", by=floor.anna),
        )
        assert failures(results, HeldByOther) == []
        assert (await floor.contact(contact)).brand_agent_id == floor.bruno.id
    assert await sound(floor)


@pytest.mark.deep
async def test_what_was_split_off_can_be_split_again_and_put_together_with_the_first(floor: Floor) -> None:
    contact, [first, second, third] = await two_matters(floor)
    new = (await split(floor, contact, [second, third])).opened_id
    newest = (await split(floor, new, [third], "Terza")).opened_id
    assert [await said_in(floor, each) for each in (contact, new, newest)] == [[first], [second], [third]]
    await floor.do(merge_contacts, contact, newest, by=floor.anna)
    later = await floor.write_in(thread=await thread_of(floor, newest))
    assert later.interaction_id == contact
    assert await sound(floor)


async def test_both_say_in_their_timeline_where_the_messages_went_and_came_from(floor: Floor) -> None:
    contact, [first, second, _third] = await two_matters(floor)
    done = await split(floor, contact, [second])
    async with floor.database.begin(floor.aurora.reading) as db:
        old, new = await conversation_view(db, contact), await conversation_view(db, done.opened_id)
        found = await found_messages(db, [first, second])
    [out], [came] = old.splits, new.splits
    assert (out.came, out.other_id, out.ticket, out.subject) == (False, done.opened_id, 2, METER)
    assert (came.came, came.other_id, came.ticket, came.subject) == (True, contact, 1, "Aiuto")
    assert [each.messages for each in (out, came)] == [1, 1]
    assert [each.id for each in new.messages] == [second]
    assert [found[each].interaction_id for each in (first, second)] == [contact, done.opened_id]


async def test_a_timeline_without_a_split_asks_nothing_more(floor: Floor) -> None:
    contact, [_, second, _third] = await two_matters(floor)
    counts = []
    for _ in range(2):
        async with floor.database.begin(floor.aurora.reading) as db:
            with counted(floor.database) as statements:
                await conversation_view(db, contact)
        counts.append(len(statements))
        if len(counts) < 2:
            await split(floor, contact, [second])
    assert counts == [7, 8]


async def test_splitting_takes_as_many_statements_however_many_messages_there_are(floor: Floor) -> None:
    counts = []
    for mails in (3, 12):
        contact, said = await two_matters(floor, mails=mails, sender=f"c{mails}@customer.example")
        with counted(floor.database) as statements:
            await split(floor, contact, said[1:])
        counts.append(len(statements))
    assert counts == [16, 16]
