"""The way back: whoever was not touched since is exactly where they were; the rest stays and says why."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from portavoce.conversations.bulk.errors import NoAction, TooLateToUndo
from portavoce.conversations.bulk.judging import Wish
from portavoce.conversations.bulk.starting import UNDOABLE, begin_undoing
from portavoce.conversations.bulk.undoing import ELSEWHERE, SPOKEN
from portavoce.conversations.claiming import claim, release
from portavoce.conversations.closing import close
from portavoce.conversations.reasons import choose_reason
from portavoce.conversations.replying import note
from portavoce.conversations.transferring import hand_to_colleague
from portavoce.reporting.verifying import verify_books
from tests.consistency import contradictions
from tests.conversations.bulk.acting import acted, place, reasoned, returns, undone
from tests.database import NOON
from tests.floor import Floor

ACTS = ("take", "aside", "agent", "agent away", "queue", "reason", "close", "close with a reason")


async def wish_of(floor: Floor, act: str) -> Wish:
    await reasoned(floor)
    other = await returns(floor)
    if act == "agent away":
        await floor.choose("aux", "break", agent=floor.world.bruno)
    return {
        "take": Wish("take"),
        "aside": Wish("aside", until=NOON + timedelta(days=1)),
        "agent": Wish("agent", to_agent_id=floor.bruno.id, note="Tieni tu."),
        "agent away": Wish("agent", to_agent_id=floor.bruno.id, note="Tieni tu."),
        "queue": Wish("queue", to_lob_id=other, note="Sono resi."),
        "reason": Wish("reason", reason="leak"),
        "close": Wish("close", outcome="solved"),
        "close with a reason": Wish("close", outcome="solved", reason="late"),
    }[act]


@pytest.mark.parametrize("act", ACTS)
async def test_everybody_is_where_they_were_and_the_facts_tell_both_ways(floor: Floor, act: str) -> None:
    """Also one that was first in line, and one with a reason."""
    wish = await wish_of(floor, act)
    plain, first, reasonable = [await floor.waiting() for _ in range(3)]
    await floor.do(claim, first, by=floor.anna)
    await floor.choose("aux", "break", agent=floor.world.bruno)
    await floor.do(hand_to_colleague, first, floor.bruno.id, "Tieni tu.", by=floor.anna)
    if act != "agent away":
        await floor.choose("ready", agent=floor.world.bruno)
    await floor.do(choose_reason, reasonable, "late", by=floor.anna, waiting=True)
    contacts = [plain, first, reasonable]
    before = [await place(floor, each) for each in contacts]
    floor.later(minutes=1)
    action = await acted(floor, contacts, wish)
    assert [await place(floor, each) for each in contacts] != before
    floor.later(minutes=1)
    assert await undone(floor, action) == dict.fromkeys(contacts, ("undone", ""))
    assert [await place(floor, each) for each in contacts] == before
    assert (await floor.slot()).used == (await floor.slot(floor.world.bruno)).used == 0
    assert await contradictions(floor) == []
    assert not await verify_books(floor.database, [floor.aurora.id])


async def moved_on(floor: Floor, act: str, contact: UUID) -> None:
    """What somebody does with it after the act."""
    if act == "take":
        await floor.do(release, contact, by=floor.anna)
    elif act == "agent":
        await floor.do(close, contact, "solved", by=floor.bruno)
    elif act == "reason":
        await floor.do(choose_reason, contact, "late", by=floor.anna, waiting=True)
    elif act.startswith("close"):
        await floor.write_in(thread=(await floor.contact(contact)).conversation_id)
    else:
        await floor.do(claim, contact, by=floor.anna)


@pytest.mark.parametrize("act", ACTS)
async def test_what_somebody_went_on_with_stays_and_the_others_go_back(floor: Floor, act: str) -> None:
    wish = await wish_of(floor, act)
    still, gone = [await floor.waiting() for _ in range(2)]
    action = await acted(floor, [gone, still], wish)
    await moved_on(floor, act, gone)
    there = await place(floor, gone)
    assert await undone(floor, action) == {gone: ("kept", ELSEWHERE), still: ("undone", "")}
    assert await place(floor, gone) == there
    assert await contradictions(floor) == []


async def test_where_somebody_wrote_since_nothing_is_moved_under_them(floor: Floor) -> None:
    contact = await floor.waiting()
    action = await acted(floor, [contact], Wish("agent", to_agent_id=floor.bruno.id, note="Tieni tu."))
    floor.later(seconds=1)
    await floor.do(note, contact, "Ho chiamato.", by=floor.bruno)
    assert await undone(floor, action) == {contact: ("kept", SPOKEN)}
    assert (await floor.contact(contact)).brand_agent_id == floor.bruno.id


async def test_it_is_its_authors_to_undo_and_for_half_an_hour(floor: Floor) -> None:
    contact = await floor.waiting()
    action = await acted(floor, [contact], Wish("aside", until=NOON + timedelta(days=1)))
    with pytest.raises(NoAction):
        await floor.do(begin_undoing, action, by=floor.bruno)
    floor.later(seconds=UNDOABLE.total_seconds() + 1)
    with pytest.raises(TooLateToUndo):
        await floor.do(begin_undoing, action, by=floor.anna)
    assert (await floor.contact(contact)).state == "snoozed"


async def test_a_second_undo_changes_nothing(floor: Floor) -> None:
    contact = await floor.waiting()
    action = await acted(floor, [contact], Wish("take"))
    await undone(floor, action)
    n = await floor.last_n()
    assert await undone(floor, action) == {contact: ("undone", "")}
    assert await floor.told(n) == []
