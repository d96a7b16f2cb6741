"""Timed after-contact work: begun by closing, ended by its time, by the agent, or by turning to something else."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portavoce.agents.after_contact import any_over
from portavoce.agents.models import AgentAcw, AgentState
from portavoce.agents.signs import GONE_AFTER, heard_of
from portavoce.brands.lines import LineSettings, set_line
from portavoce.conversations.claiming import claim
from portavoce.conversations.closing import close
from portavoce.conversations.handling import end_idle_segments, end_segments, focus, handled_seconds
from portavoce.conversations.models import HandlingSegment
from portavoce.conversations.reopening import reopen
from portavoce.conversations.wrapping import end_wrap_ups, finish_wrap_up
from portavoce.core.scope import HOUSE
from portavoce.core.unit import now
from tests.consistency import contradictions
from tests.database import NOON
from tests.floor import Floor, data
from tests.world import WorldBrand

CAP = 120


async def give_time(floor: Floor, mode: str = "timed", brand: WorldBrand | None = None) -> None:
    at = brand or floor.aurora
    await floor.do(set_line, at.lob_id, LineSettings("assisted", False, mode, CAP), by="admin", at=at)


async def closed(floor: Floor, *, after: bool = False) -> UUID:
    """One minute of work, then the closing."""
    contact = await floor.held()
    await floor.do(focus, contact, by=floor.anna)
    floor.later(minutes=1)
    await floor.do(close, contact, "solved", by=floor.anna, after=after)
    return contact


async def timeline(floor: Floor) -> list[tuple[str, datetime]]:
    async with floor.database.begin(HOUSE) as db:
        query = select(AgentState.state, AgentState.since).where(
            AgentState.agent_id == floor.world.anna.agent_id
        )
        return [(row.state, row.since) for row in await db.execute(query.order_by(AgentState.seq))]


async def handled(floor: Floor, contact: UUID, brand: WorldBrand | None = None) -> int:
    async with floor.database.begin((brand or floor.aurora).reading) as db:
        return await handled_seconds(db, contact)


async def acw_of(floor: Floor, brand: WorldBrand | None = None) -> HandlingSegment:
    (segment,) = [each for each in await floor.rows(HandlingSegment, brand) if each.part == "acw"]
    return segment


async def left_over(floor: Floor) -> int:
    async with floor.database.begin(HOUSE) as db:
        query = select(AgentAcw.id).where(AgentAcw.agent_id == floor.world.anna.agent_id)
        return len((await db.scalars(query)).all())


async def end_what_is_over(floor: Floor) -> int:
    return sum([await end_wrap_ups(floor.database, each.id) for each in (floor.aurora, floor.world.bosco)])


@pytest.mark.parametrize(("mode", "after"), [("off", True), ("optional", False)])
async def test_without_it_an_agent_is_ready_at_once(floor: Floor, mode: str, after: bool) -> None:
    await give_time(floor, mode)
    await closed(floor, after=after)
    assert (await floor.slot()).state == "ready"
    assert [each.part for each in await floor.rows(HandlingSegment)] == ["handling"]


@pytest.mark.parametrize(("mode", "after"), [("timed", False), ("optional", True)])
async def test_its_time_ends_it_at_its_instant_and_it_counts_as_handle_time(
    floor: Floor, mode: str, after: bool
) -> None:
    await give_time(floor, mode)
    before = await floor.last_n()
    contact = await closed(floor, after=after)
    over = NOON + timedelta(minutes=1, seconds=CAP)
    slot = await floor.slot()
    assert (slot.state, slot.used, slot.acw_until) == ("acw", 0, over)
    floor.later(seconds=CAP - 1)
    assert await end_what_is_over(floor) == 0
    floor.later(seconds=20)
    async with floor.database.begin(HOUSE) as db:
        assert await any_over(db)
    assert await end_what_is_over(floor) == 1
    assert await end_what_is_over(floor) == 0
    assert (await timeline(floor))[-3:] == [
        ("working", NOON), ("acw", NOON + timedelta(minutes=1)), ("ready", over),
    ]  # fmt: skip
    assert (await acw_of(floor)).ended_at == over
    assert await handled(floor, contact) == 60 + CAP
    kinds = [fact.kind for fact in await floor.facts(before) if "acw" in fact.kind]
    assert kinds == ["acw.started", "acw.ended"]
    assert await left_over(floor) == 0
    assert await contradictions(floor) == []


async def test_the_agent_ends_it_sooner_and_twice_is_once(floor: Floor) -> None:
    await give_time(floor)
    contact = await closed(floor)
    floor.later(seconds=30)
    floor.pokes.clear()
    for _ in range(2):
        await floor.do(finish_wrap_up, contact, by=floor.anna)
    assert ((await floor.slot()).state, (await floor.slot()).acw_until) == ("ready", None)
    assert await handled(floor, contact) == 90
    assert {poke.view for poke in floor.pokes} == {"interaction", "person"}
    assert await left_over(floor) == 0
    floor.later(minutes=10)
    assert await end_what_is_over(floor) == 0
    assert await contradictions(floor) == []


async def test_leaving_the_page_or_five_quiet_minutes_do_not_end_it(floor: Floor) -> None:
    await floor.do(set_line, floor.aurora.lob_id, LineSettings("assisted", False, "timed", 900), by="admin")
    contact = await closed(floor)
    floor.later(minutes=6)
    await floor.do(lambda db: end_segments(db, floor.anna.id, at=now(db), interaction_id=contact))
    assert await floor.do(end_idle_segments) == 0
    assert (await acw_of(floor)).ended_at is None
    assert (await floor.slot()).state == "acw"


async def test_taking_another_contact_ends_it_there_and_then(floor: Floor) -> None:
    await give_time(floor)
    contact = await closed(floor)
    other = (await floor.write_in(sender="ugo@x.example")).interaction_id
    floor.later(seconds=15)
    await floor.do(claim, other, by=floor.anna)
    await floor.do(focus, other, by=floor.anna)
    slot = await floor.slot()
    assert (slot.state, slot.acw_until) == ("working", None)
    assert await handled(floor, contact) == 75
    assert await contradictions(floor) == []


async def test_a_contact_of_another_brand_ends_it_too_and_its_own_brand_hears_of_it_later(
    floor: Floor,
) -> None:
    bosco = floor.world.bosco
    await give_time(floor)
    contact = await closed(floor)
    theirs = await floor.waiting(bosco)
    floor.later(seconds=15)
    await floor.do(claim, theirs, by=floor.world.anna.at(bosco), at=bosco)
    assert ((await floor.slot()).state, (await acw_of(floor)).ended_at) == ("working", None)
    floor.later(seconds=20)
    assert await end_what_is_over(floor) == 1
    assert (await acw_of(floor)).ended_at == NOON + timedelta(minutes=1, seconds=15)
    assert await handled(floor, contact) == 75
    assert await left_over(floor) == 0
    assert await contradictions(floor) == []


async def test_one_follows_the_other_and_never_two_at_once(floor: Floor) -> None:
    bosco = floor.world.bosco
    await give_time(floor)
    await give_time(floor, brand=bosco)
    first = await closed(floor)
    theirs = await floor.held(at=bosco)
    floor.later(seconds=10)
    await floor.do(close, theirs, "solved", by=floor.world.anna.at(bosco), at=bosco)
    assert (await floor.slot()).acw_until == floor.clock.now() + timedelta(seconds=CAP)
    floor.later(seconds=5)
    await floor.do(finish_wrap_up, first, by=floor.anna)
    assert (await acw_of(floor)).ended_at == NOON + timedelta(minutes=1)
    assert (await floor.slot()).state == "acw"
    assert await end_what_is_over(floor) == 0
    floor.later(seconds=CAP)
    assert await end_what_is_over(floor) == 1
    assert (await handled(floor, first), await handled(floor, theirs, bosco)) == (60, CAP)
    assert (await floor.slot()).state == "ready"


async def test_beside_work_in_hand_it_is_a_segment_and_the_state_stays_working(floor: Floor) -> None:
    await give_time(floor)
    kept = await floor.held()
    contact = await closed(floor)
    assert (await floor.slot()).state == "working"
    floor.later(seconds=5)
    await floor.do(focus, kept, by=floor.anna)
    assert (await floor.slot()).acw_until is None
    assert await handled(floor, contact) == 65
    assert await contradictions(floor) == []


async def test_a_pause_that_was_chosen_begins_when_it_is_over(floor: Floor) -> None:
    await give_time(floor)
    await closed(floor)
    await floor.choose("aux", "break")
    assert (await floor.slot()).state == "acw"
    floor.later(seconds=CAP + 5)
    await end_what_is_over(floor)
    assert (await timeline(floor))[-1] == ("aux", NOON + timedelta(minutes=1, seconds=CAP))


async def test_undoing_the_closing_ends_it(floor: Floor) -> None:
    await give_time(floor)
    contact = await closed(floor)
    floor.later(seconds=5)
    await floor.do(reopen, contact, by=floor.anna)
    assert ((await floor.slot()).state, await handled(floor, contact)) == ("ready", 65)
    assert await contradictions(floor) == []


async def test_who_left_meanwhile_does_not_count_as_available(floor: Floor) -> None:
    await give_time(floor)
    await closed(floor)
    async with floor.database.begin(HOUSE) as db:
        await heard_of(db, floor.world.anna.person_id)
    floor.clock.advance(GONE_AFTER + timedelta(seconds=1))
    await end_what_is_over(floor)
    assert (await floor.slot()).state == "not_responding"


async def test_the_fact_of_its_beginning_says_until_when(floor: Floor) -> None:
    await give_time(floor)
    await closed(floor)
    (fact,) = [each for each in await floor.facts() if each.kind == "acw.started"]
    assert data(fact) == {"until": "2026-03-02T12:03:00.000000Z"}
