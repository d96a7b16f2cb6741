"""FT-11: what may meet at one instant has one outcome, and the facts tell it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from portavoce.agents.signs import GONE_AFTER, heard_of
from portavoce.conversations.absence import give_back
from portavoce.conversations.back_office.answering import answer
from portavoce.conversations.back_office.asking import recall
from portavoce.conversations.back_office.models import ClientRequest
from portavoce.conversations.claiming import claim, release
from portavoce.conversations.closing import close
from portavoce.conversations.handling import IDLE, end_idle_segments, focus
from portavoce.conversations.models import HandlingSegment
from portavoce.conversations.reopening import reopen
from portavoce.conversations.transferring import hand_to_colleague
from portavoce.core.errors import Problem
from portavoce.core.scope import HOUSE
from tests.consistency import contradictions
from tests.conversations.back_office.asked import asked, olga, request_of
from tests.depth import scaled
from tests.floor import Floor, at_once, failures

ROUNDS = scaled(6, deep=200)
Calls = list[Callable[[], Awaitable[object]]]


async def given_back(floor: Floor) -> tuple[Calls, set[str]]:
    contact = await floor.held()
    return [
        lambda: floor.do(release, contact, by=floor.anna),
        lambda: floor.do(claim, contact, by=floor.bruno),
    ], {"waiting", "assigned"}


async def closed(floor: Floor) -> tuple[Calls, set[str]]:
    contact = await floor.held()
    return [
        lambda: floor.do(close, contact, "solved", by=floor.anna),
        lambda: floor.do(claim, contact, by=floor.bruno),
        lambda: floor.do(release, contact, by=floor.anna),
    ], {"closed", "waiting", "assigned"}


async def reopened(floor: Floor) -> tuple[Calls, set[str]]:
    contact = await floor.closed()
    thread = (await floor.contact(contact)).conversation_id
    return [
        lambda: floor.do(reopen, contact, by=floor.anna),
        lambda: floor.do(claim, contact, by=floor.bruno),
        lambda: floor.write_in(thread=thread),
        lambda: floor.do(reopen, contact, by=floor.bruno),
    ], {"waiting", "assigned"}


async def idle(floor: Floor) -> tuple[Calls, set[str]]:
    contact = await floor.held()
    await floor.do(focus, contact, by=floor.anna)
    floor.clock.advance(IDLE + timedelta(seconds=1))
    return [
        lambda: floor.do(end_idle_segments),
        lambda: floor.do(close, contact, "solved", by=floor.anna),
        lambda: floor.do(focus, contact, by=floor.anna),
        lambda: floor.do(end_idle_segments),
    ], {"closed", "assigned"}


async def handed_over(floor: Floor) -> tuple[Calls, set[str]]:
    """Anna left without a word, her page was still open in another window, and Bruno does not wait."""
    contact, other = await floor.held(), await floor.held(floor.world.bruno)
    await floor.database.run(HOUSE, lambda db: heard_of(db, floor.world.anna.person_id))
    floor.clock.advance(GONE_AFTER + timedelta(seconds=1))
    return [
        lambda: floor.do(hand_to_colleague, contact, floor.bruno.id, "Tuo", by=floor.anna),
        lambda: floor.do(hand_to_colleague, other, floor.anna.id, "Tuo", by=floor.bruno),
        lambda: floor.do(give_back, floor.world.anna.agent_id),
        lambda: floor.do(close, contact, "solved", by=floor.anna),
        lambda: floor.do(claim, contact, by=floor.bruno),
        lambda: floor.do(close, other, "solved", by=floor.bruno),
    ], {"waiting", "assigned", "closed"}


async def once(
    floor: Floor, verb: Callable[..., Awaitable[object]], *args: object, **options: object
) -> None:
    """As a unit of work that nobody retries: a deadlock would show."""
    async with floor.database.begin(floor.aurora.writing) as db:
        await verb(db, *args, **options)


async def swapped(floor: Floor) -> tuple[Calls, set[str]]:
    """Each hands the other a contact: who locked the own slot first would wait for the other's for ever."""
    annas, brunos = await floor.held(), await floor.held(floor.world.bruno)
    return [
        lambda: once(floor, hand_to_colleague, annas, floor.bruno.id, "Tuo", by=floor.anna),
        lambda: once(floor, hand_to_colleague, brunos, floor.anna.id, "Tuo", by=floor.bruno),
    ] * 2, {"assigned"}


async def asked_of_the_client(floor: Floor) -> tuple[Calls, set[str]]:
    contact = await floor.held()
    thread = (await floor.contact(contact)).conversation_id
    await olga(floor)
    return [
        lambda: asked(floor, contact),
        lambda: floor.do(close, contact, "solved", by=floor.anna),
        lambda: floor.do(hand_to_colleague, contact, floor.bruno.id, "Tuo", by=floor.anna),
        lambda: floor.write_in(thread=thread),
    ], {"with_client", "waiting", "assigned", "closed"}


async def answered_by_the_client(floor: Floor) -> tuple[Calls, set[str]]:
    by, contact = await olga(floor), await asked(floor)
    thread = (await floor.contact(contact)).conversation_id
    request = (await request_of(floor, contact)).id
    return [
        lambda: once(floor, answer, request, "Sì", person_id=by),
        lambda: once(floor, recall, contact, by=floor.anna),
        lambda: once(floor, answer, request, "No", person_id=by),
        lambda: floor.write_in(thread=thread),
        lambda: once(floor, claim, contact, by=floor.bruno),
        lambda: once(floor, hand_to_colleague, contact, floor.bruno.id, "Tuo", by=floor.anna),
    ], {"waiting", "assigned"}


@pytest.mark.parametrize(
    "meeting",
    [
        given_back,
        closed,
        reopened,
        idle,
        handed_over,
        swapped,
        asked_of_the_client,
        answered_by_the_client,
    ],
)
async def test_whatever_meets_at_one_instant_has_one_outcome(
    floor: Floor, meeting: Callable[[Floor], Awaitable[tuple[Calls, set[str]]]]
) -> None:
    for number in range(ROUNDS):
        calls, possible = await meeting(floor)
        turned = [calls[(number + n) % len(calls)] for n in range(len(calls))]
        results = await at_once(*(call() for call in turned))
        assert not failures(results, Problem)
        newest = (await floor.world.contacts(floor.aurora))[-2:]
        assert newest[-1].state in possible
        for each in newest:
            if each.state == "assigned":
                holder = floor.anna if each.brand_agent_id == floor.anna.id else floor.bruno
                await floor.do(close, each.id, "solved", by=holder)
    requests = Counter(
        each.interaction_id for each in await floor.rows(ClientRequest) if each.state == "open"
    )
    assert all(count == 1 for count in requests.values())
    segments = await floor.rows(HandlingSegment)
    assert all(each.ended_at is not None and each.ended_at >= each.started_at for each in segments)
    assert await contradictions(floor) == []
