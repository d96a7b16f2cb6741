"""What somebody selected is looked at before anything is done; and the preview tells what then happens."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from portavoce.brands.lines import LineSettings, set_line
from portavoce.conversations.bulk.errors import BadWish
from portavoce.conversations.bulk.judging import Wish
from portavoce.conversations.bulk.planning import MOST, Plan, check_wish, plan
from portavoce.conversations.claiming import claim
from portavoce.conversations.errors import NoInteraction
from tests.conversations.bulk.acting import acted, reasoned, returns, steps
from tests.conversations.conftest import counted
from tests.database import NOON
from tests.floor import Floor


async def planned(floor: Floor, *contacts: UUID, supervising: bool = False) -> Plan:
    return await floor.do(plan, contacts, by=floor.anna, supervising=supervising)


async def test_one_contact_of_another_brand_and_none_was_ever_there(floor: Floor) -> None:
    own, foreign = await floor.waiting(), await floor.waiting(floor.world.bosco)
    assert [each.id for each in (await planned(floor, own, own)).contacts] == [own]
    for wanted in ([own, foreign], [own, uuid4()], [], [uuid4() for _ in range(MOST + 1)]):
        with pytest.raises(NoInteraction):
            await planned(floor, *wanted)


async def test_they_come_in_the_order_they_were_selected_in(floor: Floor) -> None:
    contacts = [await floor.waiting() for _ in range(3)][::-1]
    assert [each.id for each in (await planned(floor, *contacts)).contacts] == contacts


async def wishes(floor: Floor, other: UUID) -> list[Wish]:
    return [
        Wish("take"),
        Wish("aside", until=NOON + timedelta(days=1)),
        Wish("agent", to_agent_id=floor.bruno.id, note="Tieni tu."),
        Wish("queue", to_lob_id=other, note="Sono resi."),
        Wish("reason", reason="leak"),
        Wish("close", outcome="solved"),
        Wish("close", outcome="solved", reason="late"),
        Wish("close", outcome="returned"),
    ]


@pytest.mark.parametrize("number", range(8))
async def test_what_the_preview_tells_is_what_happens(floor: Floor, number: int) -> None:
    """Of contacts in every state, of two lines, of an agent with room for one."""
    other = await returns(floor)
    await reasoned(floor)
    wish = (await wishes(floor, other))[number]
    contacts = [await floor.waiting(), await floor.held(floor.world.bruno), await floor.closed()]
    contacts += [await floor.waiting(), await floor.held()]
    settings = LineSettings("assisted", reason_required=True, acw_mode="off", acw_s=60)
    await floor.do(set_line, floor.aurora.lob_id, settings, by="test")
    moved = await acted(floor, contacts[3:4], Wish("queue", to_lob_id=other, note="Reso."))
    assert (await steps(floor, moved))[contacts[3]][0] == "done"
    while (await floor.slot()).used < (await floor.slot()).cap - 1:
        await floor.do(claim, await floor.waiting(), by=floor.anna)
    seen = {each.contact.id: each.why for each in (await planned(floor, *contacts)).verdicts(wish)}
    action = await acted(floor, contacts, wish)
    assert {each: why for each, (_, why) in (await steps(floor, action)).items()} == seen
    states = {each: state for each, (state, _) in (await steps(floor, action)).items()}
    assert states == {each: "left_out" if why else "done" for each, why in seen.items()}


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish("sing"), "verb"),
        (Wish("aside"), "later"),
        (Wish("aside", until=NOON - timedelta(hours=1)), "later"),
        (Wish("aside", until=NOON + timedelta(days=91)), "later"),
        (Wish("agent", to_agent_id=UUID(int=7), note="Tieni."), "receiver"),
        (Wish("queue", to_lob_id=UUID(int=7), note="Tieni."), "line"),
        (Wish("reason", reason="nobody knows"), "cause"),
        (Wish("close", outcome="nobody knows"), "outcome"),
    ],
)
async def test_what_no_contact_could_follow_is_refused(floor: Floor, wish: Wish, field: str) -> None:
    made = await planned(floor, await floor.waiting())
    with pytest.raises(BadWish) as refused:
        await floor.do(check_wish, wish, made)
    assert list(refused.value.fields) == [field]


async def test_whoever_has_it_next_is_told_why(floor: Floor) -> None:
    made = await planned(floor, await floor.waiting())
    with pytest.raises(BadWish) as refused:
        await floor.do(check_wish, Wish("agent", to_agent_id=floor.bruno.id), made)
    assert list(refused.value.fields) == ["why"]
    await floor.do(check_wish, Wish("agent", to_agent_id=floor.bruno.id, note="Tieni tu."), made)


async def test_a_supervisor_needs_no_hands_and_an_agent_sees_their_own(floor: Floor) -> None:
    contact = await floor.waiting()
    hands = (await planned(floor, contact)).hands
    assert hands is not None
    assert (hands.available, hands.room) == (True, (await floor.slot()).cap)
    assert (await planned(floor, contact, supervising=True)).hands is None
    await floor.choose("aux", "break")
    away = (await planned(floor, contact)).hands
    assert away is not None
    assert not away.available


async def test_planning_costs_as_many_statements_for_one_contact_as_for_many(floor: Floor) -> None:
    contacts = [await floor.waiting() for _ in range(5)]
    for wanted in (contacts[:1], contacts):
        async with floor.database.begin(floor.aurora.reading) as db:
            with counted(floor.database) as statements:
                await plan(db, wanted, by=floor.anna, supervising=False)
        assert len(statements) == 5, statements
