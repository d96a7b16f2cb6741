"""Handling time of mail: focus and activity, five idle minutes at most."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from portavoce.conversations.claiming import release
from portavoce.conversations.closing import close
from portavoce.conversations.errors import NotHeld
from portavoce.conversations.handling import end_idle_segments, end_segments, focus, handled_seconds
from portavoce.conversations.models import HandlingSegment
from portavoce.core.unit import now
from tests.database import NOON
from tests.floor import Floor, at_once, data, failures


async def seconds(floor: Floor, interaction_id: UUID) -> int:
    async with floor.database.begin(floor.aurora.reading) as db:
        return await handled_seconds(db, interaction_id)


async def look(floor: Floor, interaction_id: UUID, part: str = "handling") -> None:
    await floor.do(focus, interaction_id, by=floor.anna, part=part)


async def test_claiming_alone_is_not_handling(floor: Floor) -> None:
    interaction_id = await floor.held()
    floor.later(hours=1)
    assert await floor.rows(HandlingSegment) == []
    assert await seconds(floor, interaction_id) == 0


async def test_signs_of_activity_prolong_one_segment(floor: Floor) -> None:
    interaction_id = await floor.held()
    before = await floor.last_n()
    for _ in range(5):
        await look(floor, interaction_id)
        floor.later(minutes=4)
    await floor.do(close, interaction_id, "solved", by=floor.anna)
    (segment,) = await floor.rows(HandlingSegment)
    assert (segment.started_at, segment.ended_at) == (NOON, NOON + timedelta(minutes=20))
    assert await seconds(floor, interaction_id) == 20 * 60
    started, ended, _closed = await floor.facts(before)
    assert (started.kind, started.actor, started.at) == ("handling.started", str(floor.anna.id), NOON)
    assert (ended.kind, ended.actor, ended.at) == (
        "handling.ended",
        str(floor.anna.id),
        NOON + timedelta(minutes=20),
    )
    assert data(ended) == {"started": "2026-03-02T12:00:00.000000Z"}
    assert {(fact.interaction_id, fact.brand_agent_id) for fact in (started, ended)} == {
        (interaction_id, floor.anna.id)
    }
    assert {fact.lob_id for fact in (started, ended)} == {floor.aurora.lob_id}


async def test_five_idle_minutes_end_handling_at_the_last_sign_of_life(floor: Floor) -> None:
    interaction_id = await floor.held()
    await look(floor, interaction_id)
    floor.later(minutes=2)
    await look(floor, interaction_id)
    floor.later(minutes=5)
    await look(floor, interaction_id)
    first, second = await floor.rows(HandlingSegment)
    assert (first.ended_at, second.ended_at) == (NOON + timedelta(minutes=2), None)
    assert second.started_at == NOON + timedelta(minutes=7)
    assert await seconds(floor, interaction_id) == 120


async def test_switching_the_focus_ends_one_and_begins_the_other(floor: Floor) -> None:
    first, second = await floor.held(), await floor.held()
    await look(floor, first)
    floor.later(minutes=3)
    await look(floor, second)
    floor.later(minutes=1)
    await look(floor, first)
    assert (await seconds(floor, first), await seconds(floor, second)) == (180, 60)
    still = [each for each in await floor.rows(HandlingSegment) if each.ended_at is None]
    assert [each.interaction_id for each in still] == [first]


async def test_wrapping_up_is_a_part_of_its_own(floor: Floor) -> None:
    interaction_id = await floor.held()
    before = await floor.last_n()
    await look(floor, interaction_id)
    floor.later(minutes=1)
    await look(floor, interaction_id, "acw")
    assert await floor.told(before) == ["handling.started", "handling.ended", "acw.started"]


async def test_two_agents_handle_at_the_same_time(floor: Floor) -> None:
    by_anna, by_bruno = await floor.held(), await floor.held(floor.world.bruno)
    await look(floor, by_anna)
    await floor.do(focus, by_bruno, by=floor.bruno)
    assert [each.ended_at for each in await floor.rows(HandlingSegment)] == [None, None]


@pytest.mark.parametrize("verb", [release, close])
async def test_letting_go_of_another_contact_leaves_the_focused_one_open(floor: Floor, verb: object) -> None:
    focused, other = await floor.held(), await floor.held()
    await look(floor, focused)
    words = ("solved",) if verb is close else ()
    await floor.do(verb, other, *words, by=floor.anna)  # type: ignore[arg-type] # -- either verb
    (segment,) = await floor.rows(HandlingSegment)
    assert segment.ended_at is None


async def test_the_timer_ends_what_went_silent_and_nothing_else(floor: Floor) -> None:
    silent, lively = await floor.held(), await floor.held(floor.world.bruno)
    await look(floor, silent)
    floor.later(minutes=5)
    assert await floor.do(end_idle_segments) == 0
    floor.later(seconds=1)
    await floor.do(focus, lively, by=floor.bruno)
    assert await floor.do(end_idle_segments) == 1
    ended = {each.interaction_id: each.ended_at for each in await floor.rows(HandlingSegment)}
    assert ended == {silent: NOON, lively: None}
    assert await floor.do(end_idle_segments) == 0


async def test_leaving_the_page_ends_it(floor: Floor) -> None:
    interaction_id = await floor.held()
    await look(floor, interaction_id)
    floor.later(minutes=1)
    await floor.do(lambda db: end_segments(db, floor.anna.id, at=now(db)))
    await floor.do(lambda db: end_segments(db, floor.anna.id, at=now(db)))
    assert await seconds(floor, interaction_id) == 60


async def test_a_clock_that_ran_backwards_makes_no_negative_time(floor: Floor) -> None:
    floor.later(days=1)
    interaction_id = await floor.held()
    await look(floor, interaction_id)
    floor.later(minutes=-30)
    await look(floor, interaction_id)
    (segment,) = await floor.rows(HandlingSegment)
    assert segment.started_at == segment.seen_at == NOON + timedelta(days=1)
    await floor.do(release, interaction_id, by=floor.anna)
    assert await seconds(floor, interaction_id) == 0


async def test_what_waits_is_not_handled(floor: Floor) -> None:
    interaction_id = await floor.waiting()
    with pytest.raises(NotHeld):
        await look(floor, interaction_id)


async def test_tabs_that_report_at_once_keep_one_open_segment(floor: Floor) -> None:
    contacts = [await floor.held() for _ in range(4)]

    async def report(interaction_id: UUID) -> None:
        async with floor.database.begin(floor.aurora.writing) as db:
            await focus(db, interaction_id, by=floor.anna)

    results = await at_once(*(report(each) for each in contacts * 4))
    assert not failures(results)
    open_ones = [each for each in await floor.rows(HandlingSegment) if each.ended_at is None]
    assert len(open_ones) == 1
