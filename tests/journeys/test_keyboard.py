"""Hands on the keys: from the queue to the outcome without a pointer."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.journeys.meeting import address_of, at_the_desk, delivery, write_in
from tests.journeys.seeing import waiting
from tests.journeys.town import Town
from tests.world import World

ANSWER = "Buongiorno, perché non prova così: è più semplice."
FOCUSED = "() => document.activeElement.closest('[data-pane]')?.id"
WATCH = """() => {
  window.seen = [];
  new MutationObserver(() => {
    const form = document.querySelector("#takebar form");
    if (form && !window.seen.length) window.seen.push(form.hasAttribute("data-htmx-powered"));
  }).observe(document.getElementById("desk-work"), { childList: true });
}"""


async def test_a_contact_is_answered_and_concluded_by_keyboard_alone(
    town: Town, browser: Browser, peopled: World
) -> None:
    async with at_the_desk(town, browser, peopled.anna) as page:
        name = await write_in(town, peopled.bosco)
        await expect(waiting(page, name)).to_be_visible()
        await page.keyboard.press("F6")
        assert await page.evaluate(FOCUSED) == "queue"
        for _ in range(12):
            await page.keyboard.press("Tab")
            if await waiting(page, name).locator("a:focus").count():
                break
        await page.keyboard.press("Enter")
        await expect(page.locator("#conv-h")).to_have_text(name)
        await page.keyboard.press("F2")
        await expect(page.locator("#draft")).to_be_focused()
        await page.keyboard.press("F6")
        assert await page.evaluate(FOCUSED) == "side"
        await page.keyboard.press("Alt+KeyR")
        await expect(page.locator("#draft")).to_be_focused()
        await page.keyboard.type(ANSWER)
        await page.keyboard.press("Control+Enter")
        await delivery(page, "sent")
        await page.keyboard.press("F8")
        await expect(page.locator("#wrapup")).to_be_visible()
        await page.keyboard.press("Digit2")
        await expect(page.locator("#wrapup [value=informed]")).to_be_checked()
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".toast")).to_contain_text(name)
    mail = await town.mail_to(address_of(name))
    assert mail.get_content().startswith(ANSWER)


async def test_what_appears_can_be_used_at_once(town: Town, browser: Browser, peopled: World) -> None:
    """A form that the browser submits before htmx knows it loads a whole page, and the hand loses its place."""
    async with at_the_desk(town, browser, peopled.anna) as page:
        first, second = await write_in(town, peopled.aurora), await write_in(town, peopled.bosco)
        for name in (first, second):
            await expect(waiting(page, name)).to_be_visible()
        for name in (first, second):
            await page.evaluate(WATCH)
            await waiting(page, name).locator("a").click()
            await expect(page.locator("#conv-h")).to_have_text(name)
            assert await page.evaluate("() => window.seen") == [True]
