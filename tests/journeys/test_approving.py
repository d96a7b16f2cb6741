"""A reply goes to the client first: approved it leaves and reaches the customer, sent back it is the agent's again."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page, expect

from portavoce.onboarding.people import add_person
from tests.journeys.meeting import at_the_desk, taken
from tests.journeys.seeing import visit
from tests.journeys.test_looks import faults
from tests.journeys.town import Town
from tests.world import HOUSE_NAME, World

REPLY = "Il pacco arriva domani mattina."


async def approver(world: World) -> UUID:
    """Rosa of Aurora's client."""
    return await add_person(
        world.database, HOUSE_NAME, name="Rosa Gallo", email=f"rosa@{world.aurora.slug}.example", locale="it",
        client_id=world.client, role="client_approver", brands=[world.aurora.id], by=world.elena,
    )  # fmt: skip


@pytest.mark.deep
async def test_a_reply_leaves_once_the_client_approved_it_and_comes_back_when_it_did_not(
    town: Town, browser: Browser, peopled: World
) -> None:
    rosa = await approver(peopled)
    here, found = f"/portal/{peopled.aurora.slug}/approvals", []
    async with at_the_desk(town, browser, peopled.anna) as page:
        await taken(town, page, peopled)
        await ask(page)
        found += await faults(page, "a reply waits")
        await shot(page, "desk-waits")
        async with visit(browser, town.url, await town.cookie_of(rosa)) as office:
            await office.goto(here)
            found += await faults(office, "approvals")
            await shot(office, "approvals")
            await office.locator("tbody th a").first.click()
            await expect(office.locator("main")).to_contain_text("Dov'è il mio pacco")
            found += await faults(office, "one reply")
            await shot(office, "approval")
            await office.fill("#f-text", "Scrivete anche l'ora.")
            await office.locator("form[action$='/return'] button").click()
            await expect(office.locator(".alert--ok")).to_be_visible()
            await expect(page.locator("#timeline")).to_contain_text("Scrivete anche l'ora.")
            await expect(page.locator("[data-state=returned]")).to_be_visible()
            await shot(page, "desk-returned")
            await page.locator(".takeback a").click()
            await expect(page.locator("#draft")).to_have_value(REPLY)
            await page.click("#ask-approval")
            await expect(page.locator("[data-state=awaiting]")).to_be_visible()
            await office.goto(here)
            await office.locator("tbody th a").first.click()
            await office.locator("form[action$='/approval'] button").click()
            await expect(office.locator(".alert--ok")).to_be_visible()
            found += await faults(office, "approvals decided")
            await shot(office, "approvals-decided")
        await expect(page.locator("[data-state=sent]")).to_be_visible()
        await expect(page.locator("[data-state=awaiting]")).to_have_count(0)
    assert not found, "\n".join(found)


async def ask(page: Page) -> None:
    await page.fill("#draft", REPLY)
    await page.click("#ask-approval")
    await expect(page.locator("[data-state=awaiting]")).to_be_visible()
    await expect(page.locator("#foot")).to_contain_text("aspetta l'approvazione")


async def shot(page: Page, name: str) -> None:
    if home := os.environ.get("SHOTS"):
        for width, theme in ((1280, "light"), (390, "dark")):
            await page.set_viewport_size({"width": width, "height": 900})
            await page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
            await page.screenshot(path=str(Path(home) / f"{name}-{width}-{theme}.png"), full_page=True)
        await page.set_viewport_size({"width": 1280, "height": 900})
