"""A customer wrote twice: put together by keyboard alone, answered once, and the next mail to either arrives there."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.meeting import at_the_desk
from tests.journeys.test_looks import faults
from tests.journeys.town import Town
from tests.world import World, letter

pytestmark = pytest.mark.deep


async def test_two_contacts_of_one_customer_become_one_and_come_apart_again(
    town: Town, browser: Browser, peopled: World
) -> None:
    for subject, text in (("Macchina", "Perde acqua."), ("Ancora la macchina", "Adesso fischia anche.")):
        await peopled.receive(peopled.aurora, letter(peopled.aurora.address, text, subject=subject))
    first, second = [each.id for each in await peopled.contacts(peopled.aurora)]
    found: list[str] = []
    async with at_the_desk(town, browser, peopled.anna) as page:
        await page.locator(f"#qi-{second} a").click()
        await expect(page.locator("#takebar")).to_be_visible()
        await page.keyboard.press("F2")
        await expect(page.locator("#draft")).to_be_visible()
        await page.locator("[data-open=merger]").press("Enter")
        await expect(page.locator("#merger [name=interaction]")).to_be_focused()
        await page.keyboard.press("1")
        found += await faults(page, "put together, chosen")
        await page.keyboard.press("Control+Enter")
        await expect(page).to_have_url(re.compile(str(first)))
        await expect(page.locator("#chat .msg.in")).to_have_count(2)
        await expect(page.locator("#chat")).to_contain_text("da: Ancora la macchina")
        await expect(page.locator("#queue-waiting li")).to_have_count(0)
        found += await faults(page, "put together, done")
        await page.locator("#toasts button").press("Enter")
        await expect(page).to_have_url(re.compile(str(second)))
        await expect(page.locator("#chat .msg.in")).to_have_count(1)
        await expect(page.locator(f"#qi-{first}")).to_have_count(1)
        await page.locator("[data-open=merger]").press("Enter")
        await page.keyboard.press("1")
        await page.keyboard.press("Control+Enter")
        await expect(page).to_have_url(re.compile(str(first)))
        await page.goto(f"/b/{peopled.aurora.slug}/interactions/{second}")
        await expect(page.locator("#takebar")).to_contain_text("Prosegue in un altro contatto")
        found += await faults(page, "merged")
        await page.locator("#takebar a").press("Enter")
        await expect(page).to_have_url(re.compile(str(first)))
        await expect(page.locator("#draft")).to_be_visible()
    assert not found, "\n".join(found)
