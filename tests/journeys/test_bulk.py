"""A flood, moved by keyboard alone: selected, looked at, put aside by the worker, taken back as one."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page, expect

from portavoce.web.desk.bulk import AT_ONCE
from tests.journeys.meeting import at_the_desk
from tests.journeys.seeing import waiting
from tests.journeys.test_looks import faults
from tests.journeys.town import Town
from tests.world import World, WorldBrand, letter

pytestmark = pytest.mark.deep
FLOOD = AT_ONCE + 3


async def flood(world: World, brand: WorldBrand, number: int) -> None:
    for each in range(number):
        sender = f"Cliente {each} di {brand.slug[:6]} <c{each}@customer.example>"
        await world.receive(brand, letter(brand.address, "Il sito non va da stamattina.", sender=sender))


async def first_of(page: Page, brand: WorldBrand) -> None:
    await page.locator(f'#queue-waiting li[data-brand="{brand.slug}"] .qi').first.focus()


async def test_a_flood_is_selected_looked_at_put_aside_and_taken_back_by_keyboard_alone(
    town: Town, browser: Browser, peopled: World
) -> None:
    await flood(peopled, peopled.aurora, FLOOD)
    await flood(peopled, peopled.bosco, 1)
    found: list[str] = []
    async with at_the_desk(town, browser, peopled.anna) as page:
        await expect(page.locator("#queue-waiting li")).to_have_count(FLOOD + 1)
        await first_of(page, peopled.aurora)
        await page.keyboard.press("Space")
        await expect(page.locator("#bulk-count")).to_have_text("1 selezionato, Aurora")
        await expect(page.locator("#live-polite")).to_have_text("1 selezionato, Aurora")
        await page.locator(f'#queue-waiting li[data-brand="{peopled.aurora.slug}"] .qi').last.focus()
        await page.keyboard.press("Shift+Space")
        await expect(page.locator("#bulk-count")).to_have_text(f"{FLOOD} selezionati, Aurora")
        await first_of(page, peopled.bosco)
        await page.keyboard.press("Space")
        await expect(page.locator("#bulk-note")).to_contain_text("un solo brand")
        await expect(page.locator("#bulk-count")).to_have_text(f"{FLOOD} selezionati, Aurora")
        found += await faults(page, "selection")
        await page.keyboard.press("Shift+F7")
        await expect(page.locator("#bulk [name=verb]:checked")).to_be_focused()
        await page.keyboard.press("2")
        await expect(page.locator("#f-moment")).to_be_visible()
        found += await faults(page, "choice")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#f-later-err")).to_be_visible()
        await page.locator("#bulk [name=later]").first.focus()
        await page.keyboard.press("Space")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#bulk-do .btn")).to_be_focused()
        await expect(page.locator("#bulk-do .btn")).to_have_text(re.compile(f"da parte {FLOOD} contatti"))
        found += await faults(page, "preview")
        await page.keyboard.press("Enter")
        await expect(page.locator("#bulk [data-finished] .h-md")).to_have_text(
            f"{FLOOD} contatti messi da parte"
        )
        await expect(page.locator("#queue-waiting li")).to_have_count(1)
        found += await faults(page, "done")
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator("#bulk [data-finished] .h-md")).to_have_text(
            f"{FLOOD} contatti sono tornati dov'erano"
        )
        await page.keyboard.press("Escape")
        await page.locator("#queue-new").press("Enter")
        await expect(page.locator("#queue-waiting li")).to_have_count(FLOOD + 1)
        await expect(page.locator("#bulk-bar")).to_be_hidden()
        await expect(waiting(page, f"Cliente 0 di {peopled.aurora.slug[:6]}")).to_have_count(1)
    assert not found, "\n".join(found)
