"""Dino looks at the figures of his people, and takes them away; nobody of a site without authorisation is named."""

from __future__ import annotations

from datetime import timedelta

from playwright.async_api import Browser, expect

from tests.journeys.seeing import sideways, visit
from tests.journeys.test_looks import faults
from tests.journeys.test_relief import shot, supervisor
from tests.journeys.town import Town
from tests.reporting.team.staffing import add_site, add_staff, employ, told, work
from tests.world import World


async def staff(world: World) -> None:
    """Six of a site, two of an authorised one, for Aurora."""
    database = world.database
    torino = await add_staff(database, await add_site(database, "Torino"), *"ABCDEF")
    bari = await add_staff(
        database, await add_site(database, "Bari", authorised=True), "Nina Sala", "Olga Moro"
    )
    for number, by in enumerate(await employ(database, world.aurora, [*torino, *bari])):
        at = database.clock.now() - timedelta(hours=3, minutes=number)
        await work(database, world.aurora, by, at, returned=number == 2)
    await told(database, world.aurora)


async def test_figures_are_seen_and_taken_away(town: Town, browser: Browser, peopled: World) -> None:
    await staff(peopled)
    dino, found = await supervisor(peopled), []
    cookie = await town.cookie_of(dino)
    async with visit(browser, town.url, cookie) as page:
        await page.goto("/s")
        await page.get_by_role("link", name="Report dei team").click()
        await expect(page.get_by_role("row", name="Torino")).to_contain_text("6")
        found += await faults(page, "by team")
        await page.get_by_label("Raggruppati per").select_option("agent")
        await page.get_by_role("button", name="Mostra").press("Enter")
        await expect(page.get_by_role("row", name="Nina Sala")).to_be_visible()
        await expect(page.get_by_role("row", name="Torino, insieme")).to_contain_text("10:00")
        await shot(page, "team-agents")
        found += await faults(page, "by agent")
        await page.get_by_role("button", name="Prepara un file").press("Enter")
        await shot(page, "team-file")
        link = page.get_by_role("link", name="CSV")
        await expect(link).to_be_visible(timeout=20_000)
        found += await faults(page, "the file")
        async with page.expect_download() as got:
            await link.click()
        assert (await got.value).suggested_filename.endswith(".csv")
        await page.goto("/s/reports?first=2026-05&last=2026-04")
        await expect(page.locator("#f-first-err")).to_be_visible()
        found += await faults(page, "a mistake in the months")
    async with visit(browser, town.url, cookie, width=390, height=844) as page:
        for by in ("agent", "queue"):
            await page.goto(f"/s/reports?by={by}")
            assert await sideways(page) <= 0
            await shot(page, f"team-{by}")
        found += await faults(page, "on a phone")
    assert found == []
