"""Whose visit it was: two people are never mixed, and nobody at a counter learns who is a customer."""

from __future__ import annotations

import pytest

from portavoce.conversations.models import Conversation
from portavoce.conversations.visits.errors import BadVisit
from portavoce.conversations.visits.looking_up import look_up
from portavoce.customers.finding import find_or_create
from portavoce.customers.models import Customer, CustomerIdentity
from tests.conversations.visits.standing import Stand, stand
from tests.floor import Floor

GINA, UGO = "gina@customer.example", "ugo@customer.example"
NUMBER = "+393385550142"


async def owners(floor: Floor) -> dict[str, str]:
    names = {each.id: each.name for each in await floor.rows(Customer)}
    return {each.value: names[each.customer_id] for each in await floor.rows(CustomerIdentity)}


async def of_whom(at: Stand, **said: object) -> str:
    thread = await at.floor.get(Conversation, (await at.contact(await at.visit(**said))).conversation_id)
    return (await at.floor.get(Customer, thread.customer_id)).name


async def test_of_somebody_new_both_the_address_and_the_number_are_kept(floor: Floor) -> None:
    at = await stand(floor)
    assert await of_whom(at, email="Gina@Customer.example", phone=NUMBER) == "Gina Verdi"
    assert await owners(floor) == {GINA: "Gina Verdi", NUMBER: "Gina Verdi"}


async def test_who_is_known_by_the_address_stays_as_they_were(floor: Floor) -> None:
    """What a clerk typed beside it is not added to somebody else's profile."""
    at = await stand(floor)
    await floor.do(find_or_create, "email", GINA, "Gina Verdi", "it")
    assert await of_whom(at, name="Un altro", email=GINA, phone=NUMBER) == "Gina Verdi"
    assert await owners(floor) == {GINA: "Gina Verdi"}


async def test_the_number_of_another_customer_stays_theirs(floor: Floor) -> None:
    at = await stand(floor)
    await floor.do(find_or_create, "phone", NUMBER, "Ugo", "it")
    assert await of_whom(at, email=GINA, phone=NUMBER) == "Gina Verdi"
    assert await owners(floor) == {GINA: "Gina Verdi", NUMBER: "Ugo"}


async def test_what_is_no_address_or_name_is_said_under_its_field(floor: Floor) -> None:
    at = await stand(floor)
    wrong: list[tuple[dict[str, object], str]] = [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"phone": ""}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"email": "gina"}, "email"),
        ({"by_mail": True}, "email"),
    ]
    for said, field in wrong:
        with pytest.raises(BadVisit) as refused:
            await at.visit(**said)
        assert set(refused.value.fields) == {field}, said
    assert await owners(floor) == {}


async def test_a_known_customer_may_leave_an_address_for_the_answer(floor: Floor) -> None:
    at = await stand(floor)
    await floor.do(find_or_create, "phone", NUMBER, "Gina Verdi", "it")
    match = await floor.do(look_up, NUMBER, by=at.clerk)
    assert match is not None
    known = {"visitor": "known", "lookup": match.lookup, "by_mail": True}
    with pytest.raises(BadVisit) as refused:
        await at.visit(**known)
    assert set(refused.value.fields) == {"email"}
    visit = await at.visit(**known, email=GINA)
    assert visit.answer_to == GINA
    assert await owners(floor) == {NUMBER: "Gina Verdi", GINA: "Gina Verdi"}
    again = await at.visit(**known)
    assert again.answer_to == GINA
    plain = await at.visit(visitor="known", lookup=match.lookup, email=UGO)
    assert plain.continued_id is None
    assert (await owners(floor))[UGO] == "Gina Verdi"


async def test_another_customers_address_is_refused_without_saying_whose_it_is(floor: Floor) -> None:
    at = await stand(floor)
    await floor.do(find_or_create, "phone", NUMBER, "Gina Verdi", "it")
    await floor.do(find_or_create, "email", UGO, "Ugo", "it")
    match = await floor.do(look_up, NUMBER, by=at.clerk)
    assert match is not None
    said = []
    for address in (UGO, "no address"):
        with pytest.raises(BadVisit) as refused:
            await at.visit(visitor="known", lookup=match.lookup, by_mail=True, email=address)
        said.append(refused.value.fields)
    assert said[0] == said[1]
