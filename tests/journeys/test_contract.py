"""Elena writes what is promised: by keyboard, without scripts, from the draft to the version that agents' clocks follow."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.seeing import fill, send, visit
from tests.journeys.test_looks import faults
from tests.journeys.town import Town
from tests.world import World


async def go(page: Page, name: str) -> None:
    """By keyboard to a link or button of the page, and through it."""
    await page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name)).first.focus()
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


@pytest.mark.deep
async def test_a_contract_is_written_by_keyboard_and_every_page_of_it_can_be_used_by_everybody(
    town: Town, browser: Browser, peopled: World
) -> None:
    found = []
    cookie = await town.cookie_of(peopled.elena)
    async with visit(browser, town.url, cookie) as page:
        await page.goto(f"/admin/b/{peopled.aurora.slug}/contract")
        await go(page, "Scrivi la prossima versione")
        await go(page, "Aggiungi una clausola")
        found += await faults(page, "choice")
        await page.locator("[href*='metric=resolution&statistic=share_within']").focus()
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        await fill(page, goal="0", threshold="2", steps_size="1", steps_percent="1")
        await send(page)
        await expect(page.locator("#f-goal-err")).to_be_visible()
        found += await faults(page, "a mistake in a clause")
        await fill(page, goal="80")
        await send(page)
        await go(page, "Usa un modello")
        await go(page, "Italia, telecomunicazioni (AGCOM 255/24)")
        found += await faults(page, "preset")
        await send(page)
        found += await faults(page, "draft")
        await go(page, "Controlla e pubblica")
        found += await faults(page, "publication")
        await go(page, "Pubblica")
        await expect(page.locator("main [role=status]")).to_contain_text("Pubblicata")
        await expect(page.locator("main details")).to_have_count(2)
        found += await faults(page, "contract")
    assert not found, "\n".join(found)
