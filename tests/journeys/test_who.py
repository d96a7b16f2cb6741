"""Who is this? The code leaves by SMTP for an address the customer is known by, is read aloud and typed in."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.depth import DEEP
from tests.journeys.meeting import address_of, at_the_desk, taken, write_in
from tests.journeys.test_looks import faults as all_faults
from tests.journeys.town import Town
from tests.world import World

LOOKED_AT = ("chosen", "code")


async def faults(page: Page, where: str) -> list[str]:
    return await all_faults(page, where) if DEEP or where in LOOKED_AT else []


async def open_by_keyboard(page: Page) -> None:
    """From the palette, without a mouse."""
    await page.keyboard.press("Control+K")
    await page.keyboard.type("chi è")
    await expect(page.locator("#palette [role=option]").first).to_contain_text("Chi è?")
    await page.keyboard.press("Enter")
    await expect(page.locator("#who-q")).to_be_focused()


async def code_in(town: Town, address: str) -> str:
    """As the customer reads it."""
    mail = await town.mail_to(address)
    assert mail["Reply-To"] is None
    found = re.search(r"\b\d{6}\b", mail.get_content())
    assert found is not None
    return found[0]


@pytest.mark.deep
async def test_a_code_is_sent_read_aloud_typed_and_undone_by_keyboard(
    town: Town, browser: Browser, peopled: World
) -> None:
    known = await write_in(town, peopled.aurora)
    found = []
    async with at_the_desk(town, browser, peopled.anna) as page:
        stranger = await taken(town, page, peopled)
        await open_by_keyboard(page)
        found += await faults(page, "search")
        await page.keyboard.type(known)
        choice = page.locator("#who-found button")
        await expect(choice).to_have_count(1)
        await expect(choice).not_to_contain_text(address_of(known))
        found += await faults(page, "found")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator("#who-send")).to_be_focused()
        found += await faults(page, "chosen")
        await page.keyboard.press("Enter")
        await expect(page.locator("#f-digits")).to_be_focused()
        await expect(page.locator("#who-sent")).to_contain_text("La mail è partita.")
        digits = await code_in(town, address_of(known))
        assert digits not in await page.content()
        await page.keyboard.type(f"{(int(digits) + 1) % 10**6:06}")
        await page.keyboard.press("Enter")
        await expect(page.locator("#who-entry .err")).to_contain_text("Restano 4 tentativi")
        found += await faults(page, "code")
        await page.locator("#f-digits").fill(f"{digits[:3]} {digits[3:]}")
        await page.keyboard.press("Enter")
        await expect(page.locator("#conv-h")).to_have_text(known)
        await expect(page.locator("#profile .sure")).to_contain_text("Provato con un codice, Anna")
        await expect(page.locator("#side")).to_contain_text(f"Domanda di {known}")
        found += await faults(page, "linked")
        await page.locator("#duplicates form[action$='/undo'] button").press("Enter")
        await expect(page.locator("#profile .sure")).to_have_count(0)
        await page.reload()
        await expect(page.locator("#conv-h")).to_have_text(stranger)
    assert not found, "\n".join(found)


@pytest.mark.deep
async def test_evidence_and_what_is_not_theirs(town: Town, browser: Browser, peopled: World) -> None:
    known = await write_in(town, peopled.aurora)
    found = []
    async with at_the_desk(town, browser, peopled.anna) as page:
        await taken(town, page, peopled)
        await page.click("#side [data-open=who]")
        await page.locator("#who-q").fill(known)
        await page.click("#who-found button")
        await page.check("#who-link-form [value=other]")
        await page.click("#who-link-form .btn")
        await expect(page.locator("#f-words-err")).to_be_visible()
        found += await faults(page, "evidence missing")
        await page.fill("#f-words", "Sa che cosa ha comprato")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#conv-h")).to_have_text(known)
        await expect(page.locator("#profile .sure")).to_contain_text("Sulla nostra parola: Sa che cosa")
        await page.locator("summary", has_text="Togliere un indirizzo").click()
        await page.locator("#removal-form [name=which]").first.check()
        await page.fill("#f-why", "È della sorella")
        await page.click("#removal-form .btn")
        await expect(page.locator("#duplicates")).to_contain_text("È della sorella")
        found += await faults(page, "removed")
        await page.locator("#duplicates form[action*='/removals/'] button").click()
        await expect(page.locator("#duplicates")).not_to_contain_text("È della sorella")
    assert not found, "\n".join(found)


@pytest.mark.deep
async def test_an_answer_waits_for_the_moment_that_the_customer_prefers_at_one_press(
    town: Town, browser: Browser, peopled: World
) -> None:
    found = []
    async with at_the_desk(town, browser, peopled.anna) as page:
        await taken(town, page, peopled)
        hour = await page.evaluate("new Date().toLocaleString('en', {timeZone: 'Europe/Rome', hour: 'numeric', hour12: false})")  # fmt: skip
        await page.locator("#edit-profile").press("Enter")
        await page.select_option("#f-preferred_moment", "morning" if int(hour) >= 13 else "evening")
        await page.select_option("#f-preferred_channel", "phone")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#profile")).to_contain_text("Preferisce")
        await page.reload()
        await expect(page.locator(".wish")).to_contain_text("Telefono")
        found += await faults(page, "wish")
        await page.fill("#draft", "Le rispondo quando preferisce.")
        await page.locator("#send-preferred").press("Enter")
        await expect(page.locator(".msg.out")).to_contain_text("Le rispondo quando preferisce.")
        await expect(page.locator(".msg.out .sent")).to_contain_text(re.compile("09:00|18:00"))
    assert not found, "\n".join(found)
