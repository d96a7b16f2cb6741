"""What would move is what moves once it is published."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars.documents import Document
from portavoce.calendars.models import Calendar
from portavoce.calendars.public_days import resolved
from portavoce.calendars.publishing import begins
from portavoce.calendars.queries import Version
from portavoce.core.unit import now
from portavoce.sla import previewing
from portavoce.sla.previewing import Moves, would_move
from tests.conversations.back_office.asked import asked, olga, promised, request_of
from tests.floor import Floor
from tests.sla.test_reactions import answer
from tests.sla.test_recomputing import DUE, HALF_PAST_FOUR, LAW, MOVED, SHUT, due_of, published


async def previewed(floor: Floor, document: Document = SHUT) -> Moves:
    async def look(db: AsyncSession) -> Moves:
        calendar_id = (await db.scalars(select(Calendar.id))).one()
        at = now(db)
        start = begins(document, None, at)
        version = Version(UUID(int=0), calendar_id, start, at, None, resolved(document, at.date()))
        return await would_move(db, calendar_id, version)

    return await floor.do(look)


@pytest.fixture
def late(floor: Floor) -> Floor:
    floor.clock.move_to(HALF_PAST_FOUR)
    return floor


async def test_what_would_move_is_what_moves_and_looking_moves_nothing(late: Floor) -> None:
    await olga(late)
    await promised(late, 4)
    waits, question, done = await late.held(), await asked(late), await late.held()
    await answer(late, done)
    told = len(await late.facts())
    moves = await previewed(late)
    assert (moves.running, moves.moved, moves.all) == (3, [(DUE, MOVED)] * 3, True)
    assert (moves.sooner, moves.later) == (None, timedelta(days=1))
    assert (await due_of(late, waits), len(await late.facts())) == (DUE, told)
    await published(late)
    assert [await due_of(late, each) for each in (waits, question)] == [MOVED, MOVED]
    assert (await request_of(late, question)).due_at == MOVED
    again = await previewed(late)
    assert (again.running, again.moved) == (3, [])


async def test_hours_that_change_nothing_for_what_runs_move_nothing(late: Floor) -> None:
    await late.held()
    assert (await previewed(late, LAW)).moved == []
    assert (await previewed(late)).later == timedelta(days=1)


async def test_more_than_is_looked_at_is_said(late: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previewing, "MOST", 1)
    await late.held()
    await late.held()
    moves = await previewed(late)
    assert (moves.running, moves.all) == (1, False)


def test_sooner_and_later_are_the_longest_of_each() -> None:
    hour, noon = timedelta(hours=1), datetime(2026, 3, 2, 12)  # noqa: DTZ001 -- only differences count
    moves = Moves(
        4, [(noon, noon + hour), (noon, noon - 2 * hour), (noon, noon - hour), (noon, None)], all=True
    )
    assert (moves.sooner, moves.later) == (2 * hour, hour)
