"""A lead is passed at the desk, taken in the portal, and its outcome stands in the open timeline."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.async_api import Browser, expect

from portavoce.onboarding.people import add_person
from tests.journeys.meeting import at_the_desk, taken
from tests.journeys.seeing import visit
from tests.journeys.test_approving import shot
from tests.journeys.test_looks import faults
from tests.journeys.town import Town
from tests.world import HOUSE_NAME, World


async def seller(world: World) -> UUID:
    """Piero of Aurora's client."""
    return await add_person(
        world.database, HOUSE_NAME, name="Piero Sala", email=f"piero@{world.aurora.slug}.example", locale="it",
        client_id=world.client, role="client_lead_taker", brands=[world.aurora.id], by=world.elena,
    )  # fmt: skip


@pytest.mark.deep
async def test_a_lead_goes_to_the_client_and_its_outcome_comes_back(
    town: Town, browser: Browser, peopled: World
) -> None:
    piero, found = await seller(peopled), []
    async with at_the_desk(town, browser, peopled.anna) as page:
        await taken(town, page, peopled)
        await page.click("[data-open=lead]")
        await page.fill("#f-wording", "Vuole il modello più grande.")
        await page.check("#lead #f-with_email")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#lead .err").first).to_be_visible()
        found += await faults(page, "lead without consent")
        await shot(page, "desk-lead")
        await page.fill("#f-told_where", "Al telefono, oggi")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#lead")).to_be_hidden()
        await expect(page.locator("#chat .vow")).to_contain_text("Nessuno l'ha preso")
        async with visit(browser, town.url, await town.cookie_of(piero)) as office:
            await office.goto("/portal")
            found += await faults(office, "leads")
            await shot(office, "leads")
            await office.locator("tbody th a").first.click()
            await office.locator("form[action$='/taking'] button").click()
            await expect(office.locator("dd")).to_contain_text("@")
            found += await faults(office, "one lead")
            await shot(office, "lead")
            await office.check("[name=result][value=won]")
            await office.fill("#f-note", "Comprato.")
            await office.locator("form[action$='/result'] button").click()
            await expect(office.locator(".alert--ok")).to_be_visible()
            found += await faults(office, "leads ended")
        await expect(page.locator("#chat .vow")).to_contain_text("Comprato.")
        found += await faults(page, "lead in the timeline")
        await shot(page, "desk-lead-won")
    assert not found, "\n".join(found)
