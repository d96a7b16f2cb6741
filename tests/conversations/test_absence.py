"""An agent is gone with contacts in hand: they wait again where they waited, once, and nobody is working on them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import select

from portavoce.agents.models import AgentState
from portavoce.agents.signs import GONE_AFTER, heard_of
from portavoce.conversations.absence import give_back, give_back_of_the_gone
from portavoce.conversations.claiming import claim
from portavoce.conversations.closing import close
from portavoce.conversations.desk_queries import queue_of_brands
from portavoce.conversations.handling import end_idle_segments, focus
from portavoce.conversations.models import HandlingSegment
from portavoce.conversations.replying import reply
from portavoce.core.errors import Problem
from portavoce.core.scope import HOUSE, Scope
from tests.consistency import contradictions
from tests.database import NOON
from tests.depth import scaled
from tests.floor import Floor, at_once, data, failures

ROUNDS = scaled(12, deep=300)


async def sign(floor: Floor) -> None:
    async with floor.database.begin(HOUSE) as db:
        await heard_of(db, floor.world.anna.person_id)


async def leave(floor: Floor) -> None:
    """Anna showed her last sign of life more than ten minutes ago."""
    await sign(floor)
    floor.clock.advance(GONE_AFTER + timedelta(seconds=1))


async def timeline(floor: Floor) -> list[str]:
    async with floor.database.begin(HOUSE) as db:
        query = select(AgentState.state).where(AgentState.agent_id == floor.world.anna.agent_id)
        return list((await db.scalars(query.order_by(AgentState.seq))).all())


async def test_what_the_gone_held_of_every_brand_waits_again_first_in_line(floor: Floor) -> None:
    bosco = floor.world.bosco
    first, theirs = await floor.held(), await floor.held(at=bosco)
    await floor.do(reply, first, "Arrivo subito.", by=floor.anna)
    floor.later(minutes=1)
    later = await floor.waiting()
    await leave(floor)
    assert await give_back_of_the_gone(floor.database, floor.aurora.id) == 1
    assert (await floor.slot()).state == "working"  # Bosco's is in hand still: one brand a transaction
    assert await give_back_of_the_gone(floor.database, bosco.id) == 1
    assert ((await floor.slot()).state, (await floor.slot()).used) == ("not_responding", 0)
    for brand, contact in ((floor.aurora, first), (bosco, theirs)):
        assert (
            (await floor.contact(contact, brand)).state,
            (await floor.work(contact, brand)).queued_at,
        ) == (
            "waiting",
            NOON,
        )
    async with floor.database.begin(Scope.reading({floor.aurora.id})) as db:
        line = [each.interaction_id for each in await queue_of_brands(db, [floor.aurora.id], 9)]
    assert line == [first, later]
    assert await contradictions(floor) == []


async def test_it_is_a_fact_of_the_system_told_to_the_screens_and_happens_once(floor: Floor) -> None:
    contact = await floor.held()
    await leave(floor)
    before = await floor.last_n()
    floor.pokes.clear()
    assert await give_back_of_the_gone(floor.database, floor.aurora.id) == 1
    assert await give_back_of_the_gone(floor.database, floor.aurora.id) == 0
    (fact,) = await floor.facts(before)
    assert (fact.kind, fact.actor, fact.brand_agent_id) == ("interaction.released", "system", floor.anna.id)
    assert data(fact) == {"reason": "gone"}
    assert {(poke.view, poke.id) for poke in floor.pokes} == {
        ("queue", contact), ("interaction", contact), ("person", floor.anna.agent_id),
    }  # fmt: skip


async def test_the_time_she_was_not_there_is_no_handling(floor: Floor) -> None:
    contact = await floor.held()
    await floor.do(focus, contact, by=floor.anna)
    await leave(floor)
    await give_back_of_the_gone(floor.database, floor.aurora.id)
    await floor.do(end_idle_segments)
    (segment,) = await floor.rows(HandlingSegment)
    assert segment.ended_at == segment.seen_at == NOON


async def test_who_shows_a_sign_keeps_what_they_hold_on_a_pause_too(floor: Floor) -> None:
    contact = await floor.held()
    await floor.choose("aux", "break")
    for _ in range(3):
        await sign(floor)
        floor.later(minutes=9)
        assert await give_back_of_the_gone(floor.database, floor.aurora.id) == 0
    assert (await floor.contact(contact)).state == "assigned"


async def test_who_comes_back_between_the_look_and_the_lock_keeps_it(floor: Floor) -> None:
    contact = await floor.held()
    await leave(floor)
    await sign(floor)
    assert await floor.do(give_back, floor.world.anna.agent_id) == 0
    assert (await floor.contact(contact)).state == "assigned"


async def test_who_returns_is_what_they_choose_or_do_next(floor: Floor) -> None:
    contact = await floor.held()
    await leave(floor)
    await give_back_of_the_gone(floor.database, floor.aurora.id)
    await sign(floor)
    await floor.do(claim, contact, by=floor.anna)
    await floor.do(close, contact, "solved", by=floor.anna)
    assert (await timeline(floor))[-4:] == ["working", "not_responding", "working", "ready"]


async def test_who_had_ended_the_shift_is_off_duty(floor: Floor) -> None:
    await floor.held()
    await floor.choose("offline")
    await leave(floor)
    await give_back_of_the_gone(floor.database, floor.aurora.id)
    assert (await floor.slot()).state == "offline"


async def test_taking_closing_and_giving_back_at_one_instant_have_one_outcome(floor: Floor) -> None:
    """FT-11: the timer, her late closure and a colleague's claim meet."""
    for number in range(ROUNDS):
        contact = await floor.held()
        await leave(floor)
        before = await floor.last_n()
        calls = [
            give_back_of_the_gone(floor.database, floor.aurora.id),
            floor.do(close, contact, "solved", by=floor.anna),
            floor.do(claim, contact, by=floor.bruno),
        ]
        results = await at_once(*(calls[(number + n) % 3] for n in range(3)))
        assert not failures(results, Problem)
        told = await floor.told(before)
        assert len([kind for kind in told if kind == "interaction.closed"]) <= 1
        state = (await floor.contact(contact)).state
        assert (state == "closed") == ("interaction.closed" in told)
        if state == "assigned":
            await floor.do(close, contact, "solved", by=floor.bruno)
    assert await contradictions(floor) == []


async def test_two_engines_at_once_give_back_once(floor: Floor) -> None:
    await asyncio.gather(*(floor.held() for _ in range(3)))
    await leave(floor)
    results = await at_once(*(give_back_of_the_gone(floor.database, floor.aurora.id) for _ in range(4)))
    assert sorted(map(str, results)) == ["0", "0", "0", "3"]
    assert await contradictions(floor) == []
