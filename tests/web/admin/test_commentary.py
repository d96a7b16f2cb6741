"""Supervisors and administrators of a brand say something about its figures; the client reads it beside them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.molds import Mold
from tests.web.browsing import Site
from tests.world import Cast, World

SAID = {"period": "2026-03", "text": "Marzo <b>bene</b>.\nDue righe."}


@pytest.fixture
def world(the_site: Site, world_mold: Mold[Cast]) -> World:
    return World.of(world_mold.cast(), the_site.database, the_site.settings.files_dir)


@pytest.mark.parametrize("role", ["supervisor", "admin"])
async def test_what_is_said_is_on_the_clients_page_as_text(the_site: Site, world: World, role: str) -> None:
    here = f"/admin/b/{world.aurora.slug}/commentary"
    person = await the_site.person(role, brand=world.aurora.id)
    async with the_site.browser() as browser:
        await browser.sign_in(person.email)
        assert "Nothing said yet" in (await browser.get(here)).text
        done = await browser.post(here, SAID)
        assert (done.status_code, done.headers["location"]) == (303, f"{here}?saved=1")
        page = (await browser.get(done.headers["location"])).text
        assert "Marzo &lt;b&gt;bene&lt;/b&gt;.\nDue righe." in page
        assert ("/quarantine" in page) is (role == "admin")
    carla = await the_site.person("client_viewer", brand=world.aurora.id)
    async with the_site.browser() as browser:
        await browser.sign_in(carla.email)
        month = (await browser.get(f"/portal/{world.aurora.slug}/2026-03")).text
        assert "What your provider says" in month
        assert "Marzo &lt;b&gt;bene&lt;/b&gt;.\nDue righe." in month


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"period": ""}, "period"), ({"period": "2026-13"}, "period"), ({"text": "x" * 4001}, "text")],
)
async def test_what_is_written_wrong_is_said(
    the_site: Site, world: World, wrong: dict[str, Any], field: str
) -> None:
    person = await the_site.person("admin", brand=world.aurora.id)
    async with the_site.browser() as browser:
        await browser.sign_in(person.email)
        answer = await browser.fill(f"/admin/b/{world.aurora.slug}/commentary", {**SAID, **wrong})
        assert answer.status_code == 422
        assert f'id="f-{field}-err"' in answer.text


async def test_nobody_else_may(the_site: Site, world: World) -> None:
    here = f"/admin/b/{world.aurora.slug}/commentary"
    for role, brand in (("agent", world.aurora), ("client_approver", world.aurora), ("admin", world.bosco)):
        person = await the_site.person(role, brand=brand.id)
        async with the_site.browser() as browser:
            await browser.sign_in(person.email)
            assert (await browser.get(here)).status_code == 404, role
            await browser.get("/preferences")
            assert (await browser.post(here, SAID)).status_code == 404, role
