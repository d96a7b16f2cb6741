"""Who may sit at the desk, and act there."""

from __future__ import annotations

from dataclasses import replace

from portavoce.core.scope import HOUSE
from portavoce.core.unit import new_id, now
from portavoce.identity.granting import grant
from portavoce.identity.models import Person
from portavoce.identity.sessions import open_session
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import Worker, arrive


async def person(desk: Desk, role: str | None) -> Worker:
    """Someone who is no agent, with a role for Aurora or none; signed in."""
    async with desk.database.begin(HOUSE) as db:
        made = Person(id=new_id(db), email=f"{new_id(db).hex}@voxa.example", name="Dino", created_at=now(db))
        db.add(made)
        await db.flush()
        cookie = open_session(db, made.id, "127.0.0.1")
    if role:
        async with desk.database.begin(desk.aurora.writing) as db:
            await grant(db, made.id, role, brand_id=desk.aurora.id)
    return replace(desk.anna, person_id=made.id, cookie=cookie)


async def test_without_a_session_a_browser_is_led_to_sign_in(desk: Desk) -> None:
    answer = await desk.get("/desk", replace(desk.anna, cookie="invented"))
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/desk&ended=1"


async def test_who_speaks_for_no_brand_finds_no_desk(desk: Desk) -> None:
    for role in (None, "client_viewer", "admin"):
        dino = await person(desk, role)
        assert (await desk.get("/desk", dino)).status_code == 404
        assert (await desk.get("/desk/stream", dino)).status_code == 404


async def test_a_supervisor_who_is_no_agent_looks_but_takes_nothing(desk: Desk) -> None:
    dino = await person(desk, "supervisor")
    interaction, _ = await arrive(desk.database, desk.aurora, "Da guardare")
    page = await desk.get(url(desk.aurora, interaction), dino)
    assert page.status_code == 200
    assert "Da guardare" in page.text
    assert 'id="presence-btn"' not in page.text
    answer = await desk.post(url(desk.aurora, interaction, "/claim"), dino)
    assert answer.status_code == 404
    assert "amministratore" in answer.text
    assert (await desk.post("/desk/state", dino, {"state": "ready"})).status_code == 404
