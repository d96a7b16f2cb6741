"""Cases: a contact's problem, who says which it is, and what stays together by itself."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from portavoce.conversations.cases import cases_of, move_to_case
from portavoce.conversations.closing import close
from portavoce.conversations.errors import HeldByOther, NoCase, NotHeld
from portavoce.conversations.models import CareCase, Conversation
from portavoce.customers.finding import find_or_create
from portavoce.customers.merging import merge, undo_merge
from tests.floor import PERSONAL, Floor, data

OTHER = "ugo.neri@customer.example"


async def case_of(floor: Floor, interaction_id: UUID) -> UUID:
    case_id = (await floor.contact(interaction_id)).care_case_id
    assert case_id is not None
    return case_id


async def customer_of(floor: Floor, interaction_id: UUID) -> UUID:
    contact = await floor.contact(interaction_id)
    return (await floor.get(Conversation, contact.conversation_id)).customer_id


async def test_a_new_thread_begins_a_case_of_its_customer_that_its_opening_names(floor: Floor) -> None:
    first, second = [await floor.waiting() for _ in range(2)]
    assert await case_of(floor, first) != await case_of(floor, second)
    begun = await floor.get(CareCase, await case_of(floor, first))
    assert (begun.customer_id, begun.subject) == (await customer_of(floor, first), "Aiuto")
    [fact] = [
        each
        for each in await floor.facts()
        if each.interaction_id == first and each.kind == "interaction.opened"
    ]
    assert fact.care_case_id == begun.id


async def test_what_follows_an_earlier_contact_belongs_to_its_case(floor: Floor) -> None:
    closed = await floor.closed()
    thread = (await floor.contact(closed)).conversation_id
    floor.later(days=30)
    following = (await floor.write_in(thread=thread)).interaction_id
    assert following != closed
    assert await case_of(floor, following) == await case_of(floor, closed)


async def test_its_holder_moves_it_to_another_case_of_the_customer_and_out_again(floor: Floor) -> None:
    earlier, contact = await floor.closed(), await floor.held()
    own, wanted = await case_of(floor, contact), await case_of(floor, earlier)
    for _ in range(2):
        await floor.do(move_to_case, contact, wanted, by=floor.anna)
    assert await case_of(floor, contact) == wanted
    [moved] = [fact for fact in await floor.facts() if fact.kind == "case.moved"]
    assert (moved.care_case_id, data(moved)["before"]) == (wanted, str(own))
    assert not [word for word in PERSONAL if word in moved.body.lower()]
    await floor.do(move_to_case, contact, None, by=floor.anna)
    assert await case_of(floor, contact) not in (own, wanted)


async def test_alone_in_its_case_it_needs_no_other_of_its_own(floor: Floor) -> None:
    contact = await floor.held()
    before = await case_of(floor, contact)
    await floor.do(move_to_case, contact, None, by=floor.anna)
    assert await case_of(floor, contact) == before
    assert len(await floor.rows(CareCase)) == 1


async def test_only_its_holder_says_which_case_it_is(floor: Floor) -> None:
    waiting, held = await floor.waiting(), await floor.held()
    with pytest.raises(NotHeld):
        await floor.do(move_to_case, waiting, None, by=floor.anna)
    with pytest.raises(HeldByOther):
        await floor.do(move_to_case, held, None, by=floor.bruno)


async def test_a_case_of_another_customer_of_another_brand_or_none_is_one_that_is_not_there(
    floor: Floor,
) -> None:
    contact = await floor.held()
    stranger = (await floor.write_in(sender=OTHER)).interaction_id
    foreign = (await floor.contact(await floor.waiting(floor.world.bosco), floor.world.bosco)).care_case_id
    before = await case_of(floor, contact)
    for case_id in (await case_of(floor, stranger), foreign, uuid4()):
        with pytest.raises(NoCase):
            await floor.do(move_to_case, contact, case_id, by=floor.anna)
    assert await case_of(floor, contact) == before


async def test_the_cases_of_a_customer_are_those_with_contacts_newest_first(floor: Floor) -> None:
    earlier = await floor.held()
    floor.later(hours=1)
    contact = await floor.held()
    customer = await customer_of(floor, contact)
    told = [(case.id, case.contacts) for case in await floor.do(cases_of, customer)]
    assert told == [(await case_of(floor, contact), 1), (await case_of(floor, earlier), 1)]
    await floor.do(move_to_case, earlier, await case_of(floor, contact), by=floor.anna)
    assert [(case.id, case.contacts) for case in await floor.do(cases_of, customer)] == [(told[0][0], 2)]


async def test_cases_follow_their_customer_into_a_merge_and_out_of_it(floor: Floor) -> None:
    contact, other = await floor.held(), (await floor.write_in(sender=OTHER)).interaction_id
    survivor, merged = await customer_of(floor, contact), await customer_of(floor, other)
    made = await floor.do(merge, survivor, merged, by=floor.anna)
    await floor.do(move_to_case, contact, await case_of(floor, other), by=floor.anna)
    assert await case_of(floor, contact) == await case_of(floor, other)
    await floor.do(close, contact, "solved", by=floor.anna)
    await floor.do(undo_merge, made, by=floor.anna)
    assert await case_of(floor, contact) != await case_of(floor, other)
    for one, customer in ((contact, survivor), (other, merged)):
        kept = await floor.get(CareCase, await case_of(floor, one))
        assert kept.customer_id == customer


async def test_a_customer_found_anew_is_the_one_whose_cases_are_there(floor: Floor) -> None:
    first = await floor.waiting()
    again = await floor.do(find_or_create, "email", "gina.verdi@customer.example", "Gina", "it")
    assert [each.id for each in await floor.do(cases_of, again.id)] == [await case_of(floor, first)]
