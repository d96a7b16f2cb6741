"""Searching by hand and by ear: the search page and the palette."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page, Route, expect

from portavoce.knowledge.snippets import Draft, save
from tests.journeys.meeting import at_the_desk, taken
from tests.journeys.seeing import visit
from tests.journeys.test_looks import faults
from tests.journeys.town import Town
from tests.world import World, letter


async def letters(world: World) -> None:
    """Two brands, each with a customer of its own who writes of a boiler."""
    for brand, sender, text in (
        (world.aurora, "Gina Verdi <gina@customer.example>", "La caldaia perde acqua da ieri sera."),
        (world.aurora, "Lino Sala <lino@customer.example>", "Quando arriva la bolletta?"),
        (world.bosco, "Ugo Neri <ugo@customer.example>", "Altra caldaia, altro guaio."),
    ):
        await world.receive(brand, letter(brand.address, text, sender=sender, subject="Aiuto"))


async def asked(page: Page, part: str) -> list[str]:
    """Addresses the page asks for from now on; the list grows."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url) if part in request.url else None)
    return seen


async def test_words_are_looked_for_while_they_are_written(
    town: Town, browser: Browser, peopled: World
) -> None:
    await letters(peopled)
    found: list[str] = []
    async with visit(browser, town.url, await town.cookie_of(peopled.anna.person_id)) as page:
        await page.goto("/desk/search")
        await expect(page.locator("#q")).to_be_focused()
        found += await faults(page, "search, empty")
        requests = await asked(page, "/desk/search?")
        await page.locator("#q").press_sequentially("caldaia", delay=20)
        await expect(page.locator("#found .hit")).to_have_count(2)
        assert len(requests) < len("caldaia"), requests
        await expect(page.locator("#live-polite")).to_have_text("2 risultati")
        await expect(page.locator("#q")).to_be_focused()
        found += await faults(page, "search, results")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowDown")
        await expect(page.locator("#found .hit").nth(1)).to_be_focused()
        await page.keyboard.press("ArrowUp")
        await page.keyboard.press("ArrowUp")
        await expect(page.locator("#q")).to_be_focused()
        await page.locator("#q").fill("zzz")
        await expect(page.locator("#found .empty")).to_contain_text("Nessun risultato")
        found += await faults(page, "search, nothing")
        await page.locator("#q").fill("caldaia perde")
        await expect(page.locator("#found .hit")).to_have_count(1)
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(page.locator("#conv-h")).to_have_text("Gina Verdi")
        await expect(page.locator("#conv")).to_have_attribute("data-brand", peopled.aurora.slug)
    assert not found, "\n".join(found)


async def test_an_answer_that_comes_late_is_dropped_and_one_that_fails_says_so(
    town: Town, browser: Browser, peopled: World
) -> None:
    await letters(peopled)
    async with visit(browser, town.url, await town.cookie_of(peopled.bruno.person_id)) as page:
        await page.goto("/desk/search")
        held: list[Route] = []

        async def keep(route: Route) -> None:
            held.append(route)

        await page.route("**/desk/search?q=cal", keep)
        await page.locator("#q").fill("cal")
        await expect(page.locator("#searching")).to_be_visible()
        await page.locator("#q").fill("bolletta")
        await expect(page.locator("#found .hit")).to_contain_text("Lino Sala")
        for route in held:
            await route.abort()
        await expect(page.locator("#searching")).to_be_hidden()
        await expect(page.locator("#found .hit")).to_contain_text("Lino Sala")
        await page.route("**/desk/search?q=guasto*", lambda route: route.abort())
        await page.locator("#q").fill("guasto")
        await expect(page.locator("#toasts .toast")).to_have_count(1)
        await page.locator("#q").fill("caldaia")
        await expect(page.locator("#found .hit")).to_have_count(1)
        assert "Ugo" not in await page.content()
        assert "Bosco" not in await page.content()


@pytest.mark.deep
async def test_the_palette_is_used_by_keyboard_alone_and_says_what_it_offers(
    town: Town, browser: Browser, peopled: World
) -> None:
    await letters(peopled)
    found: list[str] = []
    async with at_the_desk(town, browser, peopled.anna) as page:
        await page.keyboard.press("Control+KeyK")
        await expect(page.locator("#pal-q")).to_be_focused()
        await expect(page.locator("#pal-list [role=option]").first).to_be_visible()
        await expect(page.locator("#pal-q")).to_have_attribute(
            "aria-activedescendant", re.compile(r"pal-\d+")
        )
        await expect(page.locator("#pal-said")).to_have_text(re.compile(r"\d+ suggerimenti"))
        assert (
            await page.locator("#pal-list").get_by_text("Concludi e scegli").count() == 0
        )  # nothing is open
        found += await faults(page, "palette")
        requests = await asked(page, "/desk/palette")
        await page.locator("#pal-q").press_sequentially("gina verd", delay=20)
        await expect(page.locator("#pal-list mark").first).to_have_text("Gina")
        assert len(requests) <= 3, requests
        found += await faults(page, "palette, customers")
        await page.keyboard.press("Enter")
        await expect(page.locator("#palette")).to_be_hidden()
        await expect(page.locator("#conv-h")).to_have_text("Gina Verdi")
        await expect(page).to_have_url(re.compile(f"/b/{peopled.aurora.slug}/interactions/"))
        await command(page, "prendi")
        await expect(page.locator("#draft")).to_be_focused()
        await page.keyboard.type("Buongiorno")
        await command(page, "nota interna")
        await expect(page.locator("#composer-note textarea")).to_be_focused()
        await command(page, "bosco")
        await expect(page.locator("#queue-waiting li:visible")).to_have_count(1)
        await command(page, "formazione")
        await expect(page.locator("#presence [value='aux training']")).to_have_attribute(
            "aria-pressed", "true"
        )
        await page.keyboard.press("Control+KeyK")
        await page.keyboard.type("zzzz")
        await expect(page.locator("#pal-none, #pal-list [role=option]").first).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.locator("#palette")).to_be_hidden()
        await expect(page.locator("#composer-reply textarea")).to_have_value("Buongiorno")
        await command(page, "concludi")
        await expect(page.locator("#wrapup")).to_be_visible()
    assert not found, "\n".join(found)


async def command(page: Page, text: str) -> None:
    await page.keyboard.press("Control+KeyK")
    await expect(page.locator("#pal-list [role=option]").first).to_be_visible()
    await page.locator("#pal-q").fill(text)
    await expect(page.locator("#pal-list [role=option] mark").first).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.locator("#palette")).to_be_hidden()


@pytest.mark.deep
async def test_a_snippet_is_inserted_by_a_stroke_at_the_start_of_a_line(
    town: Town, browser: Browser, peopled: World
) -> None:
    found: list[str] = []
    for brand in (peopled.aurora, peopled.bosco):
        texts = {"it": "Buongiorno {{customer_name}}, qui {{brand_name}}."}
        async with peopled.database.begin(brand.writing) as db:
            await save(db, Draft(name=f"Saluto di {brand.slug}", shortcut="ciao", texts=texts))
    async with at_the_desk(town, browser, peopled.anna) as page:
        name = await taken(town, page, peopled)
        draft = page.locator("#composer-reply textarea")
        await draft.fill("Prima riga e/o altro\n")
        await page.keyboard.press("/")
        await expect(page.locator("#pal-list [role=option]")).to_have_count(1)
        await expect(page.locator("#pal-list [role=option]")).to_contain_text(peopled.aurora.slug)
        found += await faults(page, "palette, snippets")
        await page.keyboard.type("ci")
        await expect(page.locator("#pal-list [role=option]")).to_have_count(1)
        await page.keyboard.press("Enter")
        await expect(draft).to_have_value(f"Prima riga e/o altro\nBuongiorno {name}, qui Aurora.")
        await expect(draft).to_be_focused()
        await draft.fill("")
        await page.keyboard.press("/")
        await expect(page.locator("#palette")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(draft).to_have_value("/")  # it was meant as text
        await draft.fill("")
        await page.click("#composer-reply [data-insert-by]")
        await expect(page.locator("#pal-list [role=option]")).to_have_count(1)
        await page.keyboard.press("Enter")
        await expect(draft).to_have_value(f"Buongiorno {name}, qui Aurora.")
    async with visit(browser, town.url, await town.cookie_of(peopled.elena)) as page:
        await page.goto(f"/admin/b/{peopled.aurora.slug}/snippets")
        await expect(page.locator("tbody .num")).to_have_text("2")
        found += await faults(page, "snippets of a brand")
    assert not found, "\n".join(found)
