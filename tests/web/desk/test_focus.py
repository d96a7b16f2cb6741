"""Handling time begins and ends with the attention of the holder."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portavoce.conversations.models import HandlingSegment
from portavoce.core.scope import Scope
from portavoce.kit.clock import SteppedClock
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import arrive
from tests.web.desk.taking import take


async def seconds(desk: Desk) -> list[float | None]:
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        rows = await db.execute(select(HandlingSegment.started_at, HandlingSegment.ended_at))
        return [(end - start).total_seconds() if end else None for start, end in rows]


async def test_signs_of_activity_become_one_segment(desk: Desk, clock: SteppedClock) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    for _ in range(3):
        assert (await desk.post(url(desk.aurora, interaction, "/focus"), desk.anna)).status_code == 204
        clock.advance(timedelta(minutes=1))
    assert await seconds(desk) == [None]
    assert (await desk.delete(url(desk.aurora, interaction, "/focus"), desk.anna)).status_code == 204
    assert await seconds(desk) == [180.0]


async def test_looking_at_a_contact_without_holding_it_is_not_handling(desk: Desk) -> None:
    interaction, _ = await arrive(desk.database, desk.aurora)
    assert (await desk.post(url(desk.aurora, interaction, "/focus"), desk.anna)).status_code == 409
    assert await seconds(desk) == []
