"""The colours of one's own brands, and of no other."""

from __future__ import annotations

from portavoce.core.scope import HOUSE
from portavoce.identity.granting import grant
from tests.web.admin.conftest import add
from tests.web.browsing import Browser, Site


async def test_only_granted_brands_are_named(the_site: Site, browser: Browser) -> None:
    elena = await the_site.person("admin")
    aurora, bosco = await add(the_site, "Aurora", elena.id), await add(the_site, "Bosco", elena.id)
    carla = await the_site.person("client_viewer", brand=aurora.id, client_id=aurora.client_id)
    await browser.sign_in(carla.email)
    answer = await browser.get("/brands.css")
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert f'[data-brand="{aurora.slug}"]{{--brand-solid:light-dark(#' in answer.text
    assert bosco.slug not in answer.text


async def test_an_unchanged_sheet_is_not_sent_again_and_a_new_grant_changes_it(
    the_site: Site, browser: Browser
) -> None:
    elena = await the_site.person("admin")
    aurora, bosco = await add(the_site, "Aurora", elena.id), await add(the_site, "Bosco", elena.id)
    anna = await the_site.person("agent", brand=aurora.id)
    await browser.sign_in(anna.email)
    first = await browser.get("/brands.css")
    assert first.headers["cache-control"] == "private, no-cache"
    known = {"If-None-Match": first.headers["etag"]}
    assert (await browser.get("/brands.css", headers=known)).status_code == 304
    async with the_site.database.begin(HOUSE) as db:
        await grant(db, anna.id, "agent", brand_id=bosco.id)
    again = await browser.get("/brands.css", headers=known)
    assert again.status_code == 200
    assert bosco.slug in again.text


async def test_without_a_session_there_is_no_sheet(browser: Browser) -> None:
    answer = await browser.get("/brands.css", headers={"Accept": "text/css"})
    assert answer.status_code == 401


async def test_without_a_brand_the_sheet_is_empty(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person()
    await browser.sign_in(anna.email)
    assert (await browser.get("/brands.css")).text == ""
