"""Whatever an agent asks of the desk is a sign of life, and the page has one to give when it asks for nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from portavoce.agents.models import AgentSign
from portavoce.core.scope import HOUSE
from portavoce.kit.clock import SteppedClock
from tests.web.desk.conftest import Desk


async def signs(desk: Desk) -> set[tuple[UUID, datetime]]:
    async with desk.database.begin(HOUSE) as db:
        found = [await db.get(AgentSign, worker.agent_id) for worker in (desk.anna, desk.bruno)]
    return {(sign.agent_id, sign.seen_at) for sign in found if sign}


async def test_every_request_and_the_pages_own_sign_are_noted(desk: Desk, clock: SteppedClock) -> None:
    assert await signs(desk) == set()
    await desk.get("/desk", desk.anna)
    assert await signs(desk) == {(desk.anna.agent_id, clock.now())}
    clock.advance(timedelta(minutes=3))
    assert (await desk.post("/desk/sign", desk.anna)).status_code == 204
    assert await signs(desk) == {(desk.anna.agent_id, clock.now())}
