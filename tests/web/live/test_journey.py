"""A browser at the desk: what is being written survives everything that happens around it."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from portavoce.agents.models import BrandAgent
from portavoce.conversations.claiming import claim
from portavoce.conversations.models import Interaction
from portavoce.core.db import Database
from tests.web.browser import axe, chromium, signed_in
from tests.web.desk import house
from tests.web.desk.house import DeskBrand, Worker
from tests.web.live.serving import WebProcess

PATIENCE = 30_000
DRAFT = "Buongiorno Gina, il corriere passa domattina tra le nove e le tredici."
CARET = (14, 20)
SCROLLED = 400
STATE = """() => { const draft = document.getElementById("draft"); return [draft.value, draft.selectionStart,
  draft.selectionEnd, document.activeElement === draft, document.getElementById("timeline").scrollTop] }"""


async def provider(database: Database) -> tuple[DeskBrand, DeskBrand, Worker]:
    elena = await house.make_admin(database)
    aurora = await house.make_brand(database, elena, "Aurora")
    bosco = await house.make_brand(database, elena, "Bosco")
    return aurora, bosco, await house.make_worker(database, [aurora, bosco], "Anna")


async def long_contact(database: Database, brand: DeskBrand, worker: Worker) -> tuple[UUID, UUID]:
    """A held contact with more to read than fits; gives it and its thread."""
    interaction, _ = await house.arrive(database, brand, "Riga\n" * 30)
    async with database.begin(brand.writing) as db:
        thread = (await db.get_one(Interaction, (brand.id, interaction))).conversation_id
    for _ in range(4):
        await house.arrive(database, brand, "Riga\n" * 20, thread=thread)
    async with database.begin(brand.writing) as db:
        await claim(db, interaction, by=await db.get_one(BrandAgent, (brand.id, worker.aliases[brand.id])))
    return interaction, thread


async def write_and_scroll(page: Page) -> None:
    await page.fill("#draft", DRAFT)
    await page.focus("#draft")
    await page.evaluate(f"document.getElementById('draft').setSelectionRange{CARET}")
    await page.evaluate(f"document.getElementById('timeline').scrollTop = {SCROLLED}")


async def test_draft_caret_selection_and_scroll_survive_events_and_a_killed_server(
    web: WebProcess, live_database: Database
) -> None:
    aurora, bosco, anna = await provider(live_database)
    interaction, thread = await long_contact(live_database, aurora, anna)
    async with chromium() as browser, signed_in(browser, web.url, anna.cookie) as page:
        await page.goto(f"{web.url}/b/{aurora.slug}/interactions/{interaction}")
        await write_and_scroll(page)
        before = await page.evaluate(STATE)
        assert before == [DRAFT, *CARET, True, SCROLLED]
        for number in range(10):
            await house.arrive(live_database, bosco, f"Evento {number}", customer=f"Cliente {number}")
            await house.arrive(live_database, aurora, f"Novità {number}", thread=thread)
        await expect(page.locator("#chat")).to_contain_text("Novità 9", timeout=PATIENCE)
        await expect(page.locator("[data-count-total]").first).to_have_text("10", timeout=PATIENCE)
        assert await page.evaluate(STATE) == before
        await asyncio.to_thread(web.kill)
        await expect(page.locator("#offline")).to_be_visible(timeout=PATIENCE)
        await house.arrive(live_database, aurora, "Scritto a server spento", thread=thread)
        await asyncio.to_thread(web.start)
        await expect(page.locator("#chat")).to_contain_text("Scritto a server spento", timeout=PATIENCE)
        await expect(page.locator("#offline")).to_be_hidden(timeout=PATIENCE)
        assert await page.evaluate(STATE) == before
        await page.evaluate("document.getElementById('draft').value = ''")


@pytest.mark.deep
async def test_a_word_still_being_composed_survives_events(web: WebProcess, live_database: Database) -> None:
    """What an input method holds is neither typed nor gone: a redrawn field would end it."""
    aurora, _, anna = await provider(live_database)
    interaction, thread = await long_contact(live_database, aurora, anna)
    async with chromium() as browser, signed_in(browser, web.url, anna.cookie) as page:
        await page.goto(f"{web.url}/b/{aurora.slug}/interactions/{interaction}")
        await page.locator("#draft").fill("Konnichiwa ")
        await page.evaluate("draft.addEventListener('compositionend', () => { draft.dataset.ended = 'yes' })")
        method = await page.context.new_cdp_session(page)
        await method.send("Input.imeSetComposition", {"text": "せか", "selectionStart": 2, "selectionEnd": 2})
        for number in range(5):
            await house.arrive(live_database, aurora, f"Intanto {number}", thread=thread)
        await expect(page.locator("#chat")).to_contain_text("Intanto 4", timeout=PATIENCE)
        assert await page.evaluate("[draft.value, draft.dataset.ended ?? 'no']") == ["Konnichiwa せか", "no"]
        await method.send("Input.insertText", {"text": "世界"})
        await expect(page.locator("#draft")).to_have_value("Konnichiwa 世界")
        await page.evaluate("draft.value = ''")


@pytest.mark.deep
async def test_a_contact_is_taken_answered_and_closed_by_keyboard(
    web: WebProcess, live_database: Database
) -> None:
    _, bosco, anna = await provider(live_database)
    await house.arrive(live_database, bosco, "Bolletta sbagliata", customer="Ugo Neri")
    async with chromium() as browser, signed_in(browser, web.url, anna.cookie) as page:
        await page.goto(f"{web.url}/desk")
        await page.keyboard.press("Alt+Digit1")
        await expect(page.locator("#conv-h")).to_have_text("Ugo Neri")
        await page.keyboard.press("F2")
        await expect(page.locator("#draft")).to_be_focused()
        await expect(page).to_have_title(f"{bosco.name}, Ugo Neri · Portavoce")
        await page.keyboard.type("Buongiorno Ugo, la rifacciamo.")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".msg.out .said")).to_have_text("Buongiorno Ugo, la rifacciamo.")
        await expect(page.locator("#draft")).to_have_value("")
        await expect(page.locator("#draft")).to_be_focused()
        await page.keyboard.press("Alt+KeyN")
        await expect(page.locator("#composer-note")).to_be_visible()
        await page.keyboard.type("Ha chiamato anche ieri.")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".msg.note .said")).to_have_text("Ha chiamato anche ieri.")
        await expect(page.locator("#queue-mine li")).to_have_count(1)
        await page.keyboard.press("F8")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#wrapup .err")).to_be_visible()
        await page.locator("#wrapup input[type=radio]").first.focus()
        await page.keyboard.press("Digit2")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".toast")).to_contain_text("Ugo Neri")
        await expect(page).to_have_url(f"{web.url}/desk")
        await expect(page.locator("#queue-mine li")).to_have_count(0)
        await page.locator(".toast button").click()
        await expect(page.locator("#takebar")).to_be_visible()
        await expect(page.locator("#queue-waiting li")).to_have_count(1, timeout=PATIENCE)


@pytest.mark.deep
async def test_an_answer_refused_in_the_browser_keeps_its_text(
    web: WebProcess, live_database: Database
) -> None:
    aurora, _, anna = await provider(live_database)
    interaction, _ = await long_contact(live_database, aurora, anna)
    async with chromium() as browser, signed_in(browser, web.url, anna.cookie) as page:
        await page.goto(f"{web.url}/b/{aurora.slug}/interactions/{interaction}")
        await page.fill("#draft", DRAFT)
        await page.evaluate("document.querySelector('[name=expected_brand]').value = crypto.randomUUID()")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#problem-reply")).to_be_visible()
        await expect(page.locator("#draft")).to_have_value(DRAFT)
        await page.evaluate("document.getElementById('draft').value = ''")


@pytest.mark.deep
async def test_the_state_is_chosen_from_its_menu(web: WebProcess, live_database: Database) -> None:
    _, _, anna = await provider(live_database)
    async with chromium() as browser, signed_in(browser, web.url, anna.cookie) as page:
        await page.goto(f"{web.url}/desk")
        await expect(page.locator("#presence-btn")).to_contain_text("Disponibile")
        await page.click("#presence-btn")
        await page.click("#presence button[value='aux meal']")
        await expect(page.locator("#presence-btn")).to_contain_text("Pasto")


LOOKS = [("light", 1280), ("dark", 390), ("light", 390), ("dark", 1280)]


@pytest.mark.deep
async def test_pages_of_the_desk_break_no_rule_of_accessibility(
    web: WebProcess, live_database: Database
) -> None:
    aurora, bosco, anna = await provider(live_database)
    mine, _ = await long_contact(live_database, aurora, anna)
    waiting, _ = await house.arrive(
        live_database, bosco, "<b>Sempre</b> guasto", html="<p>Guasto</p>", quoted="> ieri"
    )
    pages = ["/desk", f"/b/{aurora.slug}/interactions/{mine}", f"/b/{bosco.slug}/interactions/{waiting}"]
    async with chromium() as browser:
        for theme, width in LOOKS:
            async with signed_in(browser, web.url, anna.cookie, width=width, theme=theme) as page:
                for address in pages:
                    await page.goto(f"{web.url}{address}")
                    assert await axe(page) == []
                if width == 1280:
                    await page.goto(f"{web.url}{pages[1]}")
                    await page.keyboard.press("F8")
                    assert await axe(page) == []
