"""Take next, on the desk."""

from __future__ import annotations

import json

from portavoce.agents.choosing import choose_state
from portavoce.core.scope import HOUSE
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import arrive, make_admin, make_worker


async def test_it_opens_one_contact_of_any_brand_and_tells_the_lists(desk: Desk) -> None:
    theirs, _ = await arrive(desk.database, desk.bosco)
    answer = await desk.post("/desk/next", desk.anna)
    assert answer.status_code == 200
    assert answer.headers["hx-push-url"] == url(desk.bosco, theirs)
    said = json.loads(answer.headers["hx-trigger"])
    assert said["taken"] == {"id": str(theirs)}
    assert "Bosco" in said["say"]["text"]
    assert 'id="composer-reply"' in answer.text
    assert "1 di 10" in answer.text.partition('<hx-partial hx-target="#presence-btn"')[2]
    page = (await desk.get("/desk", desk.anna)).text
    assert f'id="my-{theirs}"' in page
    assert 'data-take="next"' in page


async def test_nothing_waiting_is_said_in_words(desk: Desk) -> None:
    answer = await desk.post("/desk/next", desk.anna)
    assert (answer.status_code, answer.headers["hx-retarget"]) == (200, "#alerts")
    assert "Nessuno ti aspetta." in answer.text
    plain = await desk.post("/desk/next", desk.anna, htmx=False)
    assert (plain.status_code, plain.headers["location"]) == (303, "/desk?nothing=true")
    assert "Nessuno ti aspetta." in (await desk.get(plain.headers["location"], desk.anna)).text


async def test_without_scripts_it_leads_to_the_contact(desk: Desk) -> None:
    mine, _ = await arrive(desk.database, desk.aurora)
    answer = await desk.post("/desk/next", desk.anna, htmx=False)
    assert (answer.status_code, answer.headers["location"]) == (303, url(desk.aurora, mine))


async def test_who_is_full_or_away_reads_why(desk: Desk) -> None:
    full = await make_worker(desk.database, [desk.aurora], "Piena", cap=1)
    for number in range(2):
        await arrive(desk.database, desk.aurora, customer=f"C {number}")
    assert (await desk.post("/desk/next", full)).status_code == 200
    refused = await desk.post("/desk/next", full)
    assert (refused.status_code, refused.headers["hx-retarget"]) == (409, "#alerts")
    assert "Hai già in mano tutto il lavoro che puoi" in refused.text
    async with desk.database.begin(HOUSE) as db:
        await choose_state(db, desk.bruno.agent_id, "aux", "meal")
    away = await desk.post("/desk/next", desk.bruno)
    assert away.status_code == 409


async def test_who_speaks_for_no_brand_finds_no_such_page(desk: Desk) -> None:
    await make_admin(desk.database)
    stranger = await make_worker(desk.database, [], "Nessuno")
    assert (await desk.post("/desk/next", stranger)).status_code == 404
