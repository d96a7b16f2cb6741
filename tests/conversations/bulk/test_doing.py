"""Each verb on what waits, straight from the queue: one contact, one transaction, the house's own facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from portavoce.brands.lines import LineSettings, set_line
from portavoce.conversations.bulk.judging import FULL, GONE, Wish
from portavoce.conversations.claiming import claim
from portavoce.conversations.closing import close
from portavoce.conversations.errors import NotHeld
from portavoce.conversations.models import Closure, HandlingSegment, Message
from portavoce.conversations.reasons import choose_reason
from portavoce.conversations.setting_aside import set_aside
from portavoce.conversations.transferring import hand_to_colleague, hand_to_queue
from portavoce.reporting.verifying import verify_books
from tests.consistency import contradictions
from tests.conversations.bulk.acting import acted, begun, carried, reasoned, returns, steps
from tests.database import NOON
from tests.floor import Floor, data

TOMORROW = NOON + timedelta(days=1)


async def done(floor: Floor, contacts: list[UUID], wish: Wish, *, supervising: bool = False) -> list[str]:
    """Does it to all of them, and gives the facts it wrote."""
    before = await floor.last_n()
    floor.pokes.clear()
    action = await acted(floor, contacts, wish, supervising=supervising)
    if wish.verb != "reason":
        assert {each.id for each in floor.pokes if each.view == "queue"} == set(contacts)
    assert {state for state, _ in (await steps(floor, action)).values()} == {"done"}
    assert await contradictions(floor) == []
    assert not await verify_books(floor.database, [floor.aurora.id])
    return await floor.told(before)


async def test_all_are_in_hand(floor: Floor) -> None:
    contacts = [await floor.waiting() for _ in range(3)]
    assert await done(floor, contacts, Wish("take")) == ["interaction.assigned"] * 3
    assert (await floor.slot()).used == 3
    assert {(await floor.contact(each)).brand_agent_id for each in contacts} == {floor.anna.id}


async def test_all_are_put_aside_until_the_moment_and_weigh_nothing(floor: Floor) -> None:
    contacts = [await floor.waiting() for _ in range(2)]
    assert await done(floor, contacts, Wish("aside", until=TOMORROW)) == ["interaction.snoozed"] * 2
    assert {(await floor.work(each)).wakes_at for each in contacts} == {TOMORROW}
    assert (await floor.slot()).used == 0
    assert [fact.from_state for fact in await floor.facts()][-2:] == ["waiting"] * 2


async def test_a_colleague_has_as_many_as_there_is_room_for_and_the_rest_is_first_in_line(
    floor: Floor,
) -> None:
    while (await floor.slot(floor.world.bruno)).used < (await floor.slot(floor.world.bruno)).cap - 1:
        await floor.do(claim, await floor.waiting(), by=floor.bruno)
    contacts = [await floor.waiting() for _ in range(2)]
    wish = Wish("agent", to_agent_id=floor.bruno.id, note="Conosci il caso.")
    facts = await done(floor, contacts, wish)
    assert facts == ["note.added", "interaction.transferred"] * 2
    first, second = [await floor.contact(each) for each in contacts]
    assert (first.brand_agent_id, second.state) == (floor.bruno.id, "waiting")
    assert (await floor.work(contacts[1])).ahead_since is not None
    notes = [each.body for each in await floor.rows(Message) if each.direction == "note"]
    assert notes == ["Conosci il caso."] * 2


async def test_all_wait_in_another_line_with_the_time_they_had(floor: Floor) -> None:
    other = await returns(floor)
    contacts = [await floor.waiting() for _ in range(2)]
    before = [(await floor.work(each)).queued_at for each in contacts]
    await done(floor, contacts, Wish("queue", to_lob_id=other, note="Sono resi."))
    assert {(await floor.work(each)).lob_id for each in contacts} == {other}
    assert [(await floor.work(each)).queued_at for each in contacts] == before


async def test_all_have_a_reason_and_go_on_waiting(floor: Floor) -> None:
    await reasoned(floor)
    contacts = [await floor.waiting() for _ in range(2)]
    assert await done(floor, contacts, Wish("reason", reason="leak")) == ["reason.chosen"] * 2
    assert {(await floor.contact(each)).state for each in contacts} == {"waiting"}


async def test_all_are_closed_with_their_outcome_and_no_after_contact_work(floor: Floor) -> None:
    settings = LineSettings("assisted", reason_required=False, acw_mode="timed", acw_s=60)
    await floor.do(set_line, floor.aurora.lob_id, settings, by="test")
    contacts = [await floor.waiting() for _ in range(2)]
    wish = Wish("close", outcome="solved", note="Guasto di ieri.")
    assert await done(floor, contacts, wish) == ["interaction.closed"] * 2
    fact = (await floor.facts())[-1]
    assert (fact.from_state, data(fact)["disposition"], fact.brand_agent_id) == (
        "waiting",
        "solved",
        floor.anna.id,
    )
    assert {each.note for each in await floor.rows(Closure)} == {"Guasto di ieri."}
    assert await floor.rows(HandlingSegment) == []
    assert (await floor.slot()).acw_until is None


async def test_a_supervisor_moves_what_waits_with_no_hands_free(floor: Floor) -> None:
    contact = await floor.waiting()
    await floor.choose("aux", "break")
    action = await acted(floor, [contact], Wish("close", outcome="solved"))
    assert (await steps(floor, action))[contact][0] == "left_out"
    await done(floor, [contact], Wish("close", outcome="solved"), supervising=True)


async def test_what_was_taken_or_put_aside_between_the_preview_and_the_act_is_left_out(floor: Floor) -> None:
    taken, aside, free = [await floor.waiting() for _ in range(3)]
    action = await begun(floor, [taken, aside, free], Wish("take"))
    await floor.do(claim, taken, by=floor.bruno)
    await floor.do(set_aside, aside, "snoozed", TOMORROW, by=floor.bruno, waiting=True)
    assert await carried(floor, action) == {
        taken: ("left_out", GONE["assigned"]),
        aside: ("left_out", GONE["snoozed"]),
        free: ("done", ""),
    }
    assert (await floor.contact(aside)).state == "snoozed"
    assert await contradictions(floor) == []


async def test_an_agent_whose_hands_filled_meanwhile_moves_nothing(floor: Floor) -> None:
    contact = await floor.waiting()
    action = await begun(floor, [contact], Wish("aside", until=TOMORROW))
    while (await floor.slot()).used < (await floor.slot()).cap:
        await floor.do(claim, await floor.waiting(), by=floor.anna)
    assert await carried(floor, action) == {contact: ("left_out", FULL)}


VERBS: dict[str, Callable[[Floor, UUID], object]] = {
    "close": lambda floor, contact: floor.do(close, contact, "solved", by=floor.anna),
    "aside": lambda floor, contact: floor.do(set_aside, contact, "snoozed", TOMORROW, by=floor.anna),
    "agent": lambda floor, contact: floor.do(hand_to_colleague, contact, floor.bruno.id, "x", by=floor.anna),
    "queue": lambda floor, contact: floor.do(hand_to_queue, contact, floor.aurora.lob_id, "x", by=floor.anna),
    "reason": lambda floor, contact: floor.do(choose_reason, contact, "leak", by=floor.anna),
}


@pytest.mark.parametrize("verb", VERBS)
async def test_by_itself_a_contact_must_be_held_as_ever(floor: Floor, verb: str) -> None:
    with pytest.raises(NotHeld):
        await VERBS[verb](floor, await floor.waiting())  # type: ignore[misc]  # -- all of them are coroutines
