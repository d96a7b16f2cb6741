"""The queue lives: what arrives and what colleagues take is seen without a hand and without disturbing the writer."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.journeys.meeting import at_the_desk, finish, take, taken, write_in
from tests.journeys.seeing import waiting
from tests.journeys.town import Town
from tests.world import World

DRAFT = "Buongiorno, le scrivo perché"
STATE = """() => { const draft = document.getElementById("draft"); return [draft.value, draft.selectionStart,
  document.activeElement === draft] }"""


async def test_a_mail_appears_and_a_claim_removes_it_while_the_agent_writes(
    town: Town, browser: Browser, peopled: World
) -> None:
    async with (
        at_the_desk(town, browser, peopled.anna) as page,
        at_the_desk(town, browser, peopled.bruno) as colleague,
    ):
        await taken(town, page, peopled)
        await page.focus("#draft")
        await page.keyboard.type(DRAFT)
        before = await page.evaluate(STATE)
        assert before == [DRAFT, len(DRAFT), True]
        name = await write_in(town, peopled.aurora)
        await expect(waiting(page, name)).to_be_visible()
        await take(colleague, name)
        await expect(waiting(page, name)).to_have_count(0)
        assert await page.evaluate(STATE) == before
        await page.fill("#draft", "")


async def test_a_contact_of_a_brand_that_is_not_ones_own_is_never_seen(
    town: Town, browser: Browser, peopled: World
) -> None:
    async with at_the_desk(town, browser, peopled.bruno) as page:
        foreign = await write_in(town, peopled.bosco)
        own = await write_in(town, peopled.aurora)
        await expect(waiting(page, own)).to_be_visible()
        await expect(waiting(page, foreign)).to_have_count(0)


async def test_undo_reopens_the_contact_its_message_names(
    town: Town, browser: Browser, peopled: World
) -> None:
    async with at_the_desk(town, browser, peopled.anna) as page:
        first = await taken(town, page, peopled)
        await finish(page)
        second = await taken(town, page, peopled, peopled.bosco)
        await finish(page)
        await page.locator(".toast", has_text=first).locator("button").click()
        await expect(page.locator("#conv-h")).to_have_text(first)
        await expect(waiting(page, first)).to_be_visible()
        await expect(waiting(page, second)).to_have_count(0)
