"""A split is undone for a moment, while nothing happened on the new contact: all is as it was, and counts as it did."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from portavoce.conversations.claiming import claim, release
from portavoce.conversations.drafting import keep_draft
from portavoce.conversations.errors import NoInteraction, NotClosed, NotHeld
from portavoce.conversations.handling import focus
from portavoce.conversations.models import Message
from portavoce.conversations.promising import promise
from portavoce.conversations.reopening import reopen
from portavoce.conversations.replying import note, reply
from portavoce.conversations.setting_aside import set_aside
from portavoce.conversations.thread_queries import conversation_view
from portavoce.conversations.threads.errors import CannotRejoin
from portavoce.conversations.threads.merging import merge_contacts
from portavoce.conversations.threads.models import ThreadSplit
from portavoce.conversations.threads.parting import LATE, PARTABLE
from portavoce.conversations.threads.rejoining import HAPPENED, OTHER_HANDS, rejoin_contact
from portavoce.conversations.threads.splitting import split_contact
from tests.conversations.bulk.acting import place
from tests.conversations.threads.split_off import said_in, split, two_matters
from tests.conversations.threads.test_merging import figures, sound
from tests.conversations.threads.twice import thread_of
from tests.database import NOON
from tests.floor import PERSONAL, Floor, at_once, data, failures

Deed = Callable[[Floor, UUID], Awaitable[object]]
DEEDS: dict[str, Deed] = {
    "an answer": lambda floor, new: floor.do(reply, new, "Ecco.", by=floor.anna),
    "a note": lambda floor, new: floor.do(note, new, "Attende.", by=floor.bruno),
    "text that is kept": lambda floor, new: floor.do(keep_draft, new, "note", "Attende", by=floor.bruno),
    "a promise": lambda floor, new: floor.do(
        promise, new, "promise", "Un tecnico", NOON + timedelta(days=1), by=floor.anna
    ),
    "put aside": lambda floor, new: floor.do(
        set_aside, new, "snoozed", NOON + timedelta(days=1), by=floor.anna
    ),
    "mail": lambda floor, new: _mail(floor, new),
    "a machine's mail": lambda floor, new: _mail(floor, new, automatic=True),
    "split again": lambda floor, new: _split_again(floor, new),
}

FEW = ("an answer", "text that is kept", "a machine's mail")
"""Of these always; the rest where there is time."""
DEEP = [pytest.mark.deep]


async def _mail(floor: Floor, new: UUID, *, automatic: bool = False) -> None:
    await floor.write_in(thread=await thread_of(floor, new), automatic=automatic)


async def _split_again(floor: Floor, new: UUID) -> None:
    await floor.do(split_contact, new, (await said_in(floor, new))[:1], "Terza", by=floor.anna)


@pytest.mark.parametrize("hands", ["in hand", pytest.param("looked at", marks=DEEP), "waiting"])
async def test_all_is_where_it_was_and_the_new_one_has_never_been(floor: Floor, hands: str) -> None:
    contact, said = await two_matters(floor)
    before, counted = await place(floor, contact), await figures(floor)
    new = (await split(floor, contact, said[1:])).opened_id
    assert await figures(floor) != counted
    if hands == "looked at":
        await floor.do(focus, new, by=floor.anna)
    elif hands == "waiting":
        await floor.do(release, new, by=floor.anna)
    n = await floor.last_n()
    done = await floor.do(rejoin_contact, new, by=floor.anna)
    assert done.undone_at is not None
    assert (await place(floor, contact), await said_in(floor, contact)) == (before, said)
    assert (await figures(floor), await said_in(floor, new)) == (counted, [])
    closed = await floor.contact(new)
    assert (closed.state, closed.brand_agent_id, (await floor.slot()).used) == ("closed", floor.anna.id, 1)
    told = {fact.kind: fact for fact in await floor.facts(n)}
    assert told["interaction.rejoined"].interaction_id == new
    assert data(told["interaction.rejoined"]) == {"into": str(contact)}
    assert (told["thread.rejoined"].interaction_id, data(told["thread.rejoined"])) == (
        contact,
        {"out_of": str(new), "messages": 2},
    )
    assert not [word for fact in told.values() for word in PERSONAL if word in fact.body.lower()]
    assert await sound(floor)
    with pytest.raises(NoInteraction):
        await floor.do(rejoin_contact, new, by=floor.anna)


async def test_even_one_that_was_late_at_once_has_never_been(floor: Floor) -> None:
    contact, said = await two_matters(floor)
    floor.later(days=20)
    counted = await figures(floor)
    new = (await split(floor, contact, said[1:])).opened_id
    assert (await figures(floor))["late"] == counted["late"] + 1
    await floor.do(rejoin_contact, new, by=floor.anna)
    assert await figures(floor) == counted
    assert await sound(floor)


@pytest.mark.parametrize(
    "deed", [pytest.param(deed, id=name, marks=[] if name in FEW else DEEP) for name, deed in DEEDS.items()]
)
async def test_once_something_happened_on_it_it_stays(floor: Floor, deed: Deed) -> None:
    contact, said = await two_matters(floor)
    new = (await split(floor, contact, said[1:])).opened_id
    await deed(floor, new)
    kept, n = await said_in(floor, new), await floor.last_n()
    with pytest.raises(CannotRejoin, match=HAPPENED):
        await floor.do(rejoin_contact, new, by=floor.anna)
    assert (await said_in(floor, new), await floor.last_n()) == (kept, n)
    assert await sound(floor)


async def test_a_colleague_who_took_it_keeps_it(floor: Floor) -> None:
    contact, said = await two_matters(floor)
    new = (await split(floor, contact, said[1:])).opened_id
    await floor.do(release, new, by=floor.anna)
    await floor.do(claim, new, by=floor.bruno)
    with pytest.raises(CannotRejoin, match=OTHER_HANDS):
        await floor.do(rejoin_contact, new, by=floor.anna)


async def test_it_is_for_whoever_did_it_for_ten_minutes_and_while_they_hold_the_first(floor: Floor) -> None:
    contact, said = await two_matters(floor)
    new = (await split(floor, contact, said[1:])).opened_id
    with pytest.raises(CannotRejoin, match=LATE):
        await floor.do(rejoin_contact, new, by=floor.bruno)
    await floor.do(release, contact, by=floor.anna)
    with pytest.raises(NotHeld):
        await floor.do(rejoin_contact, new, by=floor.anna)
    await floor.do(claim, contact, by=floor.anna)
    floor.later(seconds=PARTABLE.total_seconds() + 1)
    with pytest.raises(CannotRejoin, match=LATE):
        await floor.do(rejoin_contact, new, by=floor.anna)
    with pytest.raises(NoInteraction):
        await floor.do(rejoin_contact, contact, by=floor.anna)


async def test_what_came_back_goes_on_in_the_first_and_may_be_split_once_more(floor: Floor) -> None:
    contact, said = await two_matters(floor)
    new = (await split(floor, contact, said[1:])).opened_id
    gone = await thread_of(floor, new)
    await floor.do(rejoin_contact, new, by=floor.anna)
    with pytest.raises(NotClosed):
        await floor.do(reopen, new, by=floor.anna)
    assert (await floor.write_in(thread=gone)).interaction_id == contact
    async with floor.database.begin(floor.aurora.reading) as db:
        first, empty = await conversation_view(db, contact), await conversation_view(db, new)
    assert (empty.head.merged_into, empty.messages) == (contact, ())
    assert (first.head.merged_into, [each.undone_at for each in first.splits]) == (None, [floor.clock.now()])
    again = await split(floor, contact, said[1:])
    assert await said_in(floor, again.opened_id) == said[1:]
    assert len(await floor.rows(ThreadSplit)) == 2
    assert await sound(floor)


async def test_mail_for_the_new_thread_that_arrives_meanwhile_keeps_it_or_goes_to_the_first(
    floor: Floor,
) -> None:
    for each in range(2):
        sender = f"c{each}@customer.example"
        contact, said = await two_matters(floor, sender=sender)
        new = (await split(floor, contact, said[1:])).opened_id
        thread = await thread_of(floor, new)
        results = await at_once(
            floor.do(rejoin_contact, new, by=floor.anna), floor.write_in(thread=thread, sender=sender)
        )
        assert failures(results, CannotRejoin) == []
        came_back = (await floor.contact(new)).state == "closed"
        [arrived] = [one for one in results if isinstance(one, Message)]
        assert arrived.interaction_id == (contact if came_back else new)
    assert await sound(floor)


async def test_of_three_windows_that_undo_it_exactly_one_does(floor: Floor) -> None:
    contact, said = await two_matters(floor)
    new = (await split(floor, contact, said[1:])).opened_id
    results = await at_once(*(floor.do(rejoin_contact, new, by=floor.anna) for _ in range(3)))
    assert failures(results, NoInteraction) == []
    assert len(failures(results)) == 2
    assert await sound(floor)


@pytest.mark.deep
async def test_put_together_with_another_one_it_does_not_come_back(floor: Floor) -> None:
    contact, said = await two_matters(floor)
    new = (await split(floor, contact, said[1:])).opened_id
    await floor.do(merge_contacts, contact, new, by=floor.anna)
    with pytest.raises(CannotRejoin, match=HAPPENED):
        await floor.do(rejoin_contact, new, by=floor.anna)
    assert await sound(floor)
