"""The queue lives: what arrives and what colleagues take is seen without a hand and without disturbing the writer."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from playwright.async_api import Browser, Route, expect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.replying import note
from tests.journeys.meeting import at_the_desk, delivery, finish, take, taken, write_in
from tests.journeys.seeing import waiting
from tests.journeys.town import PATIENCE, Town
from tests.world import World

LONG = "Il cliente aspetta ancora una risposta del magazzino. " * 4
BELOW = "() => timeline.scrollHeight - timeline.scrollTop"
TO_TOP = "() => { timeline.scrollTop = 0; return timeline.scrollHeight }"
DRAFT = "Buongiorno, le scrivo perché"
STATE = """() => { const draft = document.getElementById("draft"); return [draft.value, draft.selectionStart,
  document.activeElement === draft] }"""
WATCH_NAMES = """() => { const said = () => document.getElementById("conv-h").textContent; window.names = [said()];
  new MutationObserver(() => window.names.includes(said()) || window.names.push(said()))
    .observe(document.getElementById("desk-work"), { subtree: true, childList: true, characterData: true }) }"""


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


@pytest.mark.deep
async def test_a_colleague_is_mentioned_where_the_hand_was_and_opens_the_note_from_their_list(
    town: Town, browser: Browser, peopled: World
) -> None:
    async with (
        at_the_desk(town, browser, peopled.anna) as page,
        at_the_desk(town, browser, peopled.bruno) as colleague,
    ):
        name = await taken(town, page, peopled)
        await page.keyboard.press("Alt+KeyN")
        await expect(page.locator("#draft")).to_be_focused()
        await page.keyboard.type("Guardi @")
        await expect(page.locator("#pal-list [role=option]").first).to_be_visible()
        await page.keyboard.press("Enter")
        await page.keyboard.type("questo?")
        alias = peopled.bruno.at(peopled.aurora).alias
        await expect(page.locator("#draft")).to_have_value(f"Guardi @{alias} questo?")
        await page.keyboard.press("Control+Enter")
        await colleague.locator("#queue-mentions button").press("Enter")
        await expect(colleague.locator("#conv-h")).to_have_text(name)
        await expect(colleague.locator("#queue-mentions")).to_have_count(0)


@pytest.mark.deep
async def test_older_messages_come_while_reading_upwards_and_none_is_lost_or_doubled_by_what_comes_meanwhile(
    town: Town, browser: Browser, peopled: World
) -> None:
    async with at_the_desk(town, browser, peopled.anna) as page:
        await taken(town, page, peopled)
        contact = UUID(page.url.rpartition("/")[2])

        async def say(count: int) -> None:
            async def several(db: AsyncSession) -> None:
                for _ in range(count):
                    await note(db, contact, LONG, by=bruno)

            await town.database.run(peopled.aurora.writing, several)

        bruno = peopled.bruno.at(peopled.aurora)
        await say(45)
        await page.reload()
        await expect(page.locator("#timeline .msg")).to_have_count(20)
        for shown in (40, 46):
            read = await page.evaluate(TO_TOP)
            await expect(page.locator("#timeline .msg")).to_have_count(shown)
            assert await page.evaluate(BELOW) == read
        await say(2)
        await expect(page.locator("#timeline .msg")).to_have_count(48)
        ids = await page.locator("#timeline .msg").evaluate_all("all => all.map(each => each.id)")
        assert ids == sorted(set(ids))


@pytest.mark.deep
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


async def test_a_contact_opened_while_the_stream_is_still_asked_for_another_is_shown_and_followed(
    town: Town, browser: Browser, peopled: World
) -> None:
    """What comes late is of the contact before: it may not be shown in the place of this one, nor in its stead."""
    asked, answered = asyncio.Queue[str](), asyncio.Event()

    async def dawdle(route: Route) -> None:
        asked.put_nowait(route.request.url)
        await answered.wait()
        await route.continue_()

    async with at_the_desk(town, browser, peopled.anna) as page:
        first, second = [await write_in(town, peopled.aurora) for _ in range(2)]
        await expect(waiting(page, second)).to_be_visible()
        await page.route("**/desk/stream?*", dawdle)
        await waiting(page, first).locator("a").click()
        await asyncio.wait_for(asked.get(), PATIENCE)
        await waiting(page, second).locator("a").click()
        await expect(page.locator("#conv-h")).to_have_text(second)
        await page.evaluate(WATCH_NAMES)
        answered.set()
        await asyncio.wait_for(asked.get(), PATIENCE)
        await page.click("#takebar button")
        await page.fill("#draft", "Arriva domani.")
        await page.click("#send")
        await delivery(page, "sent")
        assert await page.evaluate("window.names") == [second]
