"""Switching the page for everybody, through the form of the portal."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from portavoce.reporting.open_service.reading import Switch, read_switch
from tests.minting import Minted, mint_brand
from tests.web.browsing import Browser, Site


@pytest_asyncio.fixture
async def aurora(the_site: Site) -> Minted:
    return await mint_brand(the_site.database, "Aurora")


@pytest_asyncio.fixture
async def rosa(the_site: Site, aurora: Minted) -> AsyncIterator[Browser]:
    """Approves for Aurora."""
    async with the_site.browser() as browser:
        person = await the_site.person("client_approver", brand=aurora.id)
        await browser.sign_in(person.email)
        yield browser


async def switch(site: Site, brand: Minted) -> Switch | None:
    async with site.database.begin(brand.reading) as db:
        return await read_switch(db)


async def test_on_off_and_on_again_with_a_word_about_each(
    the_site: Site, aurora: Minted, rosa: Browser
) -> None:
    here = f"/portal/{aurora.slug}/regulator"
    tokens = set()
    for way, words in (("", "The page is on"), ("/removal", "The page is off"), ("", "The page is on")):
        answer = await rosa.fill(here, {}, to=f"/portal/{aurora.slug}/open-service{way}")
        assert answer.status_code == 303
        assert words in (await rosa.get(answer.headers["location"])).text
        found = await switch(the_site, aurora)
        assert found is not None
        assert found.is_on is (way == "")
        tokens.add(found.token)
        public = await rosa.get(f"/open/service/{found.token}")
        assert public.status_code == (200 if found.is_on else 404)
    assert len(tokens) == 1


@pytest.mark.parametrize("way", ["", "/removal"])
@pytest.mark.parametrize("role", ["client_viewer", "client_back_office", "admin", "supervisor"])
async def test_only_an_approver_switches(the_site: Site, aurora: Minted, role: str, way: str) -> None:
    async with the_site.browser() as browser:
        person = await the_site.person(role, brand=aurora.id)
        await browser.sign_in(person.email)
        answer = await browser.fill("/preferences", {}, to=f"/portal/{aurora.slug}/open-service{way}")
    assert answer.status_code == 404
    assert await switch(the_site, aurora) is None
