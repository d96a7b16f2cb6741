"""A customer writes about two matters in one thread: split by keyboard alone, taken back, split again, each answered."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.meeting import at_the_desk
from tests.journeys.test_looks import faults
from tests.journeys.town import Town
from tests.world import World, letter

pytestmark = pytest.mark.deep


async def test_one_contact_becomes_two_and_one_again_by_keyboard_alone(
    town: Town, browser: Browser, peopled: World
) -> None:
    first = "<una@customer.example>"
    await peopled.receive(
        peopled.aurora, letter(peopled.aurora.address, "Perde acqua.", subject="Macchina", message_id=first)
    )
    await peopled.receive(
        peopled.aurora, letter(peopled.aurora.address, "E la fattura di marzo?", In_Reply_To=first)
    )
    [contact] = await peopled.contacts(peopled.aurora)
    found: list[str] = []
    async with at_the_desk(town, browser, peopled.anna) as page:
        await page.locator(f"#qi-{contact.id} a").click()
        await expect(page.locator("#takebar")).to_be_visible()
        await page.keyboard.press("F2")
        await expect(page.locator("#draft")).to_be_visible()
        await page.keyboard.press("Control+k")
        await page.keyboard.type("dividi")
        await expect(page.locator("#palette [role=option]").first).to_contain_text("Dividi")
        await page.keyboard.press("Enter")
        await _chosen(page, "2")
        found += await faults(page, "split, chosen")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#chat .msg.in")).to_have_count(1)
        await expect(page.locator("#chat")).to_contain_text("1 messaggio è passato a")
        await expect(page.locator("#queue-mine li")).to_have_count(2)
        found += await faults(page, "split, done")
        await page.locator("#toasts button").press("Enter")
        await expect(page.locator("#chat .msg.in")).to_have_count(2)
        await expect(page.locator("#queue-mine li")).to_have_count(1)
        await page.locator("[data-open=split]").press("Enter")
        await expect(page.locator("#split [name=moved]").first).to_be_focused()
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#f-moved-err")).to_be_visible()
        found += await faults(page, "split, nothing chosen")
        await page.locator("#split [name=moved]").nth(1).press("Space")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#chat .vow")).to_have_count(2)
        await page.locator("#chat .vow a").last.press("Enter")
        await expect(page).not_to_have_url(re.compile(str(contact.id)))
        await expect(page.locator("#chat")).to_contain_text("1 messaggio viene da")
        found += await faults(page, "split off")
        await expect(page.locator("#draft")).to_be_visible()
    assert not found, "\n".join(found)


async def _chosen(page: Page, digit: str) -> None:
    """In the dialog that has just opened, once its messages are there."""
    await expect(page.locator("#split [name=moved]").first).to_be_focused()
    await page.keyboard.press(digit)
    await expect(page.locator("#split [name=moved]").nth(int(digit) - 1)).to_be_checked()
    await page.locator("#f-split_subject").fill("Fattura di marzo")
