"""What the person at the screen sees of faults: the present after a gap (FT-20), and what is amiss meanwhile (FT-35)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, expect

from portavoce.conversations import claiming
from portavoce.core.paths import frontend_dir
from portavoce.core.scope import HOUSE
from portavoce.identity.sessions import open_session
from portavoce.web import assets
from tests.auditor import Evidence, Screen, audit
from tests.depth import scaled
from tests.faults.site import Site
from tests.faults.test_database import OURS
from tests.journeys.seeing import visit
from tests.web.browser import axe, chromium
from tests.world import letter

pytestmark = pytest.mark.deep
EVENTS = scaled(12, deep=40)
PATIENCE = 60_000


@asynccontextmanager
async def at_the_screen(site: Site) -> AsyncIterator[Page]:
    async with site.world.database.begin(HOUSE) as db:
        cookie = open_session(db, site.world.anna.person_id, "127.0.0.1")
    async with chromium() as browser, visit(browser, site.settings.base_url, cookie) as page:
        await page.goto("/desk")
        await expect(page.locator("#queue-waiting")).to_be_attached()
        yield page


async def screen_of(site: Site, page: Page) -> Screen:
    waiting, mine = [await page.locator(f"#queue-{name}").inner_html() for name in ("waiting", "mine")]
    return Screen(site.world.anna.person_id, waiting, mine)


async def is_current(site: Site, page: Page) -> bool:
    evidence = Evidence(site.accepted, site.sink.taken, [await screen_of(site, page)])
    return await audit(site.superuser, evidence) == []


async def test_after_a_gap_and_a_restart_the_screen_shows_what_the_server_has(site: Site) -> None:
    assets.build(frontend_dir())
    world, aurora = site.world, site.world.aurora
    for n in range(3):
        await world.receive(aurora, letter(aurora.address, f"prima {n}"))
    serve = await site.start("serve")
    async with at_the_screen(site) as page:
        await expect(page.locator("#queue-waiting li")).to_have_count(3, timeout=PATIENCE)
        await page.context.set_offline(True)
        first, *_ = await world.contacts(aurora)
        bruno = world.bruno.at(aurora)
        await world.database.run(aurora.writing, lambda db: claiming.claim(db, first.id, by=bruno))
        for n in range(EVENTS):
            brand = (aurora, world.bosco)[n % 2]
            await world.receive(brand, letter(brand.address, f"intanto {n}"))
        second = (await world.contacts(aurora))[1]
        await world.answer(aurora, second.id)
        await site.kill(serve)
        await site.start("serve")
        await page.context.set_offline(False)
        await site.until(lambda: is_current(site, page))
        await expect(page.locator("#offline")).to_be_hidden(timeout=PATIENCE)
    assert await site.faults() == []


async def test_the_desk_says_when_live_updates_are_off_and_when_nothing_can_be_saved(site: Site) -> None:
    assets.build(frontend_dir())
    await site.start("serve")
    live, saving = "#condition-live", "#condition-saving"
    async with at_the_screen(site) as page:
        await site.kill_redis()
        await expect(page.locator(live)).to_be_visible(timeout=PATIENCE)
        await expect(page.locator(live)).to_contain_text("Gli aggiornamenti in tempo reale sono sospesi.")
        name = site.installation.name
        await site.superuser.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
        await site.superuser.execute(OURS)
        await expect(page.locator(saving)).to_be_visible(timeout=PATIENCE)
        await page.reload()
        await expect(page.locator(saving)).to_be_visible(timeout=PATIENCE)
        for theme in ("light", "dark"):
            await page.evaluate("theme => document.documentElement.setAttribute('data-theme', theme)", theme)
            assert await axe(page) == []
        await site.superuser.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only".encode())
        await site.superuser.execute(OURS)
        await expect(page.locator(saving)).to_have_count(0, timeout=PATIENCE)
        await site.start_redis()
        await expect(page.locator(live)).to_have_count(0, timeout=PATIENCE)
    assert await site.faults() == []
