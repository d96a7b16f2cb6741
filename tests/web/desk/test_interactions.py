"""The desk's pages."""

from __future__ import annotations

from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import arrive


async def test_one_queue_shows_waiting_contacts_of_every_granted_brand(desk: Desk) -> None:
    await arrive(desk.database, desk.aurora, "Il pacco non arriva")
    await arrive(desk.database, desk.bosco, "Bolletta sbagliata", customer="Ugo Neri")
    annas, brunos = await desk.get("/desk", desk.anna), await desk.get("/desk", desk.bruno)
    assert annas.status_code == brunos.status_code == 200
    assert "Il pacco non arriva" in annas.text
    assert "Bolletta sbagliata" in annas.text
    assert "Il pacco non arriva" in brunos.text
    assert "Bolletta sbagliata" not in brunos.text
    assert "Bosco" not in brunos.text


async def test_a_contact_opens_as_a_page_and_for_htmx_as_its_part(desk: Desk) -> None:
    interaction, _ = await arrive(desk.database, desk.aurora, "Il pacco non arriva")
    page = await desk.get(url(desk.aurora, interaction), desk.anna)
    part = await desk.get(url(desk.aurora, interaction), desk.anna, htmx=True)
    assert page.text.lstrip().startswith("<!doctype html>")
    assert 'id="queue"' in page.text
    assert 'id="conv"' in page.text
    assert 'id="queue"' not in part.text
    assert "Gina Rota" in part.text
    assert part.headers["vary"] == "HX-Request"
