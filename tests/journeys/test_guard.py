"""The guard at the desk, by keyboard: what is of another brand is held back where it stands and is not lost."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.meeting import address_of, at_the_desk, delivery, take, taken, write_in
from tests.journeys.test_looks import faults
from tests.journeys.town import Town
from tests.world import World

FOCUSED = "() => document.activeElement.closest('[id]')?.id"
MARKED = "() => { const d = document.getElementById('draft'); return d.value.slice(d.selectionStart, d.selectionEnd) }"
HEARD = """window.heard = [];
document.addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
  const text = document.getElementById("live-assertive").textContent;
  if (text) window.heard.push(text);
}).observe(document.getElementById("live-assertive"), { childList: true, characterData: true, subtree: true }));"""


async def held_back(page: Page) -> None:
    """Sent by key; the dialog is there and its safe button has the focus."""
    async with page.expect_response(lambda answer: answer.url.endswith("/messages")) as sent:
        await page.keyboard.press("Control+Enter")
    assert (await sent.value).status == 422
    await expect(page.locator("#guard")).to_be_visible()
    assert await page.evaluate("() => document.getElementById('guard').matches(':modal')")
    await expect(page.locator("#guard [data-close]")).to_be_focused()


async def hears(page: Page, text: str) -> None:
    await page.wait_for_function("text => window.heard?.at(-1) === text", arg=text)


@pytest.mark.deep
async def test_a_draft_of_one_brand_under_another_is_marked_held_back_and_corrected(
    town: Town, browser: Browser, peopled: World
) -> None:
    text = f"🙂 Gentile Gina,\nscriva a {peopled.bosco.address} e La aiutiamo."
    async with at_the_desk(town, browser, peopled.anna) as page:
        name = await taken(town, page, peopled)
        await page.locator("#draft").fill(text)
        await expect(page.locator("#guard-note mark")).to_have_text(peopled.bosco.address)
        await page.focus("#draft")
        await held_back(page)
        await expect(page.locator("#guard mark")).to_have_text(peopled.bosco.address)
        await expect(page.locator("#guard")).to_contain_text("Bosco")
        found = await faults(page, "guard")
        assert not found, "\n".join(found)
        await page.keyboard.press("Escape")
        await expect(page.locator("#guard")).to_have_count(0)
        await expect(page.locator("#draft")).to_be_focused()
        await expect(page.locator("#draft")).to_have_value(text)
        assert await page.evaluate(MARKED) == peopled.bosco.address
        await page.keyboard.type("noi")
        await page.keyboard.press("Control+Enter")
        await delivery(page, "sent")
    [mail] = [await town.mail_to(address_of(name))]
    assert "scriva a noi e La aiutiamo." in mail.get_content()


async def test_with_a_reason_it_leaves_by_keyboard_alone(
    town: Town, browser: Browser, peopled: World
) -> None:
    text = f"Lei ha scritto a {peopled.bosco.address}, non a noi."
    async with at_the_desk(town, browser, peopled.anna) as page:
        name = await taken(town, page, peopled)
        await page.locator("#draft").fill(text)
        await page.focus("#draft")
        await held_back(page)
        await page.keyboard.press("Shift+Tab")
        await note_elsewhere(town, browser, peopled, page)
        await expect(page.locator("#guard footer .btn").first).to_be_focused()
        await page.keyboard.press("Enter")  # without a reason nothing leaves
        await expect(page.locator("#guard")).to_be_visible()
        await page.locator("#guard [name=reason]").first.focus()
        await page.keyboard.press("Digit1")
        await expect(page.locator("#guard [value=quotation]")).to_be_checked()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await delivery(page, "sent")
        await expect(page.locator("#draft")).to_have_value("")
        await expect(page.locator("#draft")).to_be_focused()
    assert text in (await town.mail_to(address_of(name))).get_content()


async def note_elsewhere(town: Town, browser: Browser, peopled: World, page: Page) -> None:
    """The open contact changes in another window, and this one shows it."""
    async with at_the_desk(town, browser, peopled.anna) as other:
        await other.goto(f"{page.url}?compose=note")
        await other.fill("#draft", "Cliente da richiamare.")
        await other.keyboard.press("Control+Enter")
    await expect(page.locator("#timeline")).to_contain_text("Cliente da richiamare.")


@pytest.mark.deep
async def test_back_and_forth_between_brands_page_voice_and_text_are_of_one(
    town: Town, browser: Browser, peopled: World
) -> None:
    async with at_the_desk(town, browser, peopled.anna) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        await page.add_init_script(HEARD)
        await page.reload()
        await taken(town, page, peopled, peopled.aurora)
        await hears(page, "Ora parli per Aurora")
        await take(page, await write_in(town, peopled.bosco))
        await hears(page, "Ora parli per Bosco")
        await page.locator("#draft").fill("Per chi scrive a Bosco.")
        await page.go_back()
        await is_of(page, peopled.aurora.slug, "Aurora")
        await expect(page.locator("#draft")).to_have_value("")
        await page.keyboard.press("Alt+KeyB")
        await page.wait_for_function("() => window.heard.at(-1)?.startsWith('Aurora, Cliente')")
        await page.go_forward()
        await is_of(page, peopled.bosco.slug, "Bosco")


async def is_of(page: Page, slug: str, name: str) -> None:
    """Bar, title, tab, form and button are one brand's; whoever listens has heard so."""
    await expect(page.locator("#conv")).to_have_attribute("data-brand", slug)
    await expect(page.locator("#comp-h-reply .brandname")).to_have_text(name)
    await expect(page.locator("#send")).to_contain_text(name)
    assert f"/b/{slug}/" in page.url
    assert (await page.title()).startswith(name)
    action = await page.locator("#composer-reply").get_attribute("action")
    assert f"/b/{slug}/" in (action or "")
    await hears(page, f"Ora parli per {name}")


@pytest.mark.deep
async def test_a_form_that_the_browser_restores_is_of_the_brand_it_was_written_for(
    town: Town, browser: Browser, peopled: World
) -> None:
    async with at_the_desk(town, browser, peopled.anna) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        first = await taken(town, page, peopled, peopled.aurora)
        here = page.url
        await page.reload()
        second = await taken(town, page, peopled, peopled.bosco)
        there = page.url
        await page.goto(here)
        await page.locator("#draft").fill("Il pacco arriva domani.")
        await page.goto(there)
        await expect(page.locator("#draft")).to_have_value("")
        await page.go_back()
        await expect(page.locator("#conv")).to_have_attribute("data-brand", peopled.aurora.slug)
        brand = await page.locator("#composer-reply [name=expected_brand]").input_value()
        assert brand == str(peopled.aurora.id)
        await page.locator("#draft").fill("Il pacco arriva domani.")
        await page.click("#send")
        await delivery(page, "sent")
    assert len(town.sunk(address_of(first))) == 1
    assert town.sunk(address_of(second)) == []
