"""FT-11: what may meet at one instant has one outcome, and the facts tell it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from portavoce.conversations.claiming import claim, release
from portavoce.conversations.closing import close
from portavoce.conversations.handling import IDLE, end_idle_segments, focus
from portavoce.conversations.models import HandlingSegment
from portavoce.conversations.reopening import reopen
from portavoce.core.errors import Problem
from tests.consistency import contradictions
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


@pytest.mark.parametrize("meeting", [given_back, closed, reopened, idle])
async def test_whatever_meets_at_one_instant_has_one_outcome(
    floor: Floor, meeting: Callable[[Floor], Awaitable[tuple[Calls, set[str]]]]
) -> None:
    for number in range(ROUNDS):
        calls, possible = await meeting(floor)
        turned = [calls[(number + n) % len(calls)] for n in range(len(calls))]
        results = await at_once(*(call() for call in turned))
        assert not failures(results, Problem)
        newest = (await floor.world.contacts(floor.aurora))[-1]
        assert newest.state in possible
        if newest.state == "assigned":
            holder = floor.anna if newest.brand_agent_id == floor.anna.id else floor.bruno
            await floor.do(close, newest.id, "solved", by=holder)
    segments = await floor.rows(HandlingSegment)
    assert all(each.ended_at is not None and each.ended_at >= each.started_at for each in segments)
    assert await contradictions(floor) == []
