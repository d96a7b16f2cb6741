"""A person's own choices."""

from __future__ import annotations

import pytest

from portavoce.core.scope import HOUSE
from portavoce.identity.models import Person
from tests.web.browsing import Browser, Site


async def test_language_theme_size_and_pace_are_kept(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person()
    await browser.sign_in(anna.email)
    answer = await browser.fill(
        "/preferences", {"language": "it", "theme": "dark", "density": "large", "pace": "double"}
    )
    page = await browser.get(answer.headers["location"])
    assert '<html lang="it" data-theme="dark" data-density="large" data-pace="double">' in page.text
    async with the_site.database.begin(HOUSE) as db:
        assert (await db.get_one(Person, anna.id)).locale == "it"


async def test_signing_in_brings_the_language_of_the_person(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person()
    browser.client.cookies.set("lang", "it", domain="testserver.local")
    await browser.sign_in(anna.email)
    assert '<html lang="en"' in (await browser.get("/preferences")).text


@pytest.mark.parametrize("form", [{"language": "de"}, {}, {"language": "it", "theme": "<script>"}])
async def test_what_is_not_offered_is_refused(the_site: Site, browser: Browser, form: dict[str, str]) -> None:
    anna = await the_site.person()
    await browser.sign_in(anna.email)
    assert (await browser.fill("/preferences", form)).status_code == 422


async def test_who_has_no_role_is_told_and_sees_no_place_to_go(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person()
    await browser.sign_in(anna.email)
    assert (await browser.get("/")).headers["location"] == "/preferences"
    page = await browser.get("/preferences")
    assert "You have no access to any brand yet." in page.text
    assert 'href="/admin"' not in page.text
    assert 'href="/desk"' not in page.text
