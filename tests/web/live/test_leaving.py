"""FT-12: the browser is gone, with a contact in hand: her stream ends, and after ten minutes the contact waits again."""

from __future__ import annotations

from typing import Any

import httpx
import psycopg

from portavoce.agents.models import AgentSign, AgentSlot
from portavoce.conversations.absence import give_back_of_the_gone
from portavoce.core.config import Settings
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from tests.web.desk import house
from tests.web.live.serving import WebProcess
from tests.web.live.test_claim_race import attempt

AN_AGE_AGO = "UPDATE pv.agent_sign SET seen_at = seen_at - interval '11 minutes' WHERE agent_id = %s"


async def test_a_browser_that_is_killed_with_a_contact_in_hand_leaves_it_to_the_next_agent(
    web: WebProcess, live_settings: Settings, live_database: Database, superuser: psycopg.Connection[Any]
) -> None:
    aurora = await house.make_brand(live_database, await house.make_admin(live_database), "Aurora")
    anna, bruno = [await house.make_worker(live_database, [aurora], name) for name in ("Anna", "Bruno")]
    contact, _ = await house.arrive(live_database, aurora)
    async with httpx.AsyncClient(timeout=120) as client:
        status, _ = await attempt(client, live_settings, web, aurora, anna, contact)
        assert status == 200
        cookie = {"Cookie": f"portavoce={anna.cookie}"}
        async with client.stream("GET", f"{web.url}/desk/stream", headers=cookie) as stream:
            assert await anext(stream.aiter_bytes())
            assert (await attempt(client, live_settings, web, aurora, bruno, contact))[0] == 409
            assert await give_back_of_the_gone(live_database, aurora.id) == 0
        async with live_database.begin(HOUSE) as db:
            assert await db.get(AgentSign, anna.agent_id) is not None
        superuser.execute(AN_AGE_AGO, [anna.agent_id])
        assert await give_back_of_the_gone(live_database, aurora.id) == 1
        async with live_database.begin(HOUSE) as db:
            assert (await db.get_one(AgentSlot, anna.agent_id)).state == "not_responding"
        assert (await attempt(client, live_settings, web, aurora, bruno, contact))[0] == 200
        status, said = await attempt(client, live_settings, web, aurora, anna, contact)
        assert (status, "Bruno" in said) == (409, True)
