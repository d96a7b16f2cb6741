"""A whole shift for five brands, by keyboard alone: the day that the desk was built for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from playwright.async_api import Browser, Page, expect

from portavoce.customers.finding import find_or_create
from tests.journeys.meeting import address_of, at_the_desk, delivery, write_in
from tests.journeys.seeing import visit, waiting
from tests.journeys.test_guard import held_back
from tests.journeys.test_handing_over import answerer
from tests.journeys.town import Town
from tests.world import World, WorldAgent, WorldBrand, make_agent, make_brand

pytestmark = pytest.mark.deep
NAMES = ("Corvo", "Delfino", "Edera")
FIRST_ASIDE = "#queue-aside li a"


async def five(town: Town, world: World) -> tuple[list[WorldBrand], WorldAgent]:
    """Aurora, Bosco and three more of their clients; Giulia speaks for all."""
    mark = uuid4().hex[:10]
    more = [
        await make_brand(town.database, world.client, name, f"{name.lower()}-{mark}", world.elena)
        for name in NAMES
    ]
    brands = [world.aurora, world.bosco, *more]
    giulia = await make_agent(
        town.database, "Giulia Sala", f"giulia.{mark}@voxa.example", brands, world.elena
    )
    return brands, giulia


async def take_next(page: Page, name: str) -> None:
    await expect(waiting(page, name)).to_be_visible()
    await page.keyboard.press("F2")
    await expect(page.locator("#conv-h")).to_have_text(name)
    await expect(page.locator("#draft")).to_be_focused()


async def answer(page: Page, text: str) -> None:
    await page.keyboard.press("Alt+KeyR")
    await expect(page.locator("#draft")).to_be_focused()
    await page.keyboard.type(text)
    await page.keyboard.press("Control+Enter")
    await delivery(page, "sent")


async def conclude(page: Page, name: str) -> None:
    await page.keyboard.press("F8")
    await expect(page.locator("#wrapup")).to_be_visible()
    await page.keyboard.press("Digit1")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".toast", has_text=name)).to_be_visible()


async def command(page: Page, letters: str, dialog: str) -> None:
    """What has no key of its own is in the palette."""
    await page.keyboard.press("Control+KeyK")
    await expect(page.locator("#pal-q")).to_be_focused()
    await page.keyboard.type(letters)
    await expect(page.locator("#pal-list [role=option]").first).to_contain_text(
        re.compile(letters, re.IGNORECASE)
    )
    await page.keyboard.press("Enter")
    await expect(page.locator(dialog)).to_be_visible()


async def tab_to(page: Page, selector: str, *, most: int = 80) -> None:
    target = page.locator(selector).first
    for _ in range(most):
        if await target.evaluate("element => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{selector} was not reached by Tab")


async def voice_is(page: Page, brand: WorldBrand) -> None:
    await expect(page.locator("#conv")).to_have_attribute("data-brand", brand.slug)
    assert f"/b/{brand.slug}/" in page.url


async def test_a_shift_for_five_brands_without_a_pointer(
    town: Town, browser: Browser, peopled: World
) -> None:
    brands, giulia = await five(town, peopled)
    olgas = f"olga@{peopled.aurora.slug}.example"
    olga = await answerer(peopled, olgas)
    await town.mail_to(olgas)
    async with at_the_desk(town, browser, giulia) as page:
        await asks_the_client_and_goes_on(town, browser, page, brands[0], olga)
        await holds_back_what_names_another(town, page, brands[1], brands[0])
        await complains(town, page, brands[2])
        await comes_back_to_what_was_put_aside(town, page, brands[3])
        await merges(town, page, brands[4])
        await refuses_what_is_out_of_date(town, page, brands)
    assert {len(town.sunk(f"cliente@{brand.slug}")) for brand in brands} == {0}


async def asks_the_client_and_goes_on(
    town: Town, browser: Browser, page: Page, brand: WorldBrand, olga: UUID
) -> None:
    name = await write_in(town, brand)
    await take_next(page, name)
    await voice_is(page, brand)
    await page.keyboard.press("F7")
    await expect(page.locator("#transfer [value=agent]")).to_be_focused()
    await page.keyboard.press("2")
    await tab_to(page, "#f-question")
    await page.keyboard.type("È in garanzia?")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#queue-aside")).to_contain_text(name)
    async with visit(browser, town.url, await town.cookie_of(olga)) as office:
        await office.goto(f"/portal/{brand.slug}/requests")
        await office.locator("main a[href*='/requests/']").first.press("Enter")
        await office.locator("#f-text").focus()
        await office.keyboard.type("Sì, due anni.")
        await tab_to(office, "main .btn--brand")
        await office.keyboard.press("Enter")
        await expect(office.locator(".alert--ok")).to_be_visible()
    await expect(page.locator("#queue-mine")).to_contain_text(name)
    await command_in_hand(page, name)
    await expect(page.locator(".msg.note")).to_contain_text("Sì, due anni.")
    await answer(page, "La garanzia vale due anni.")
    await conclude(page, name)
    assert "due anni" in (await town.mail_to(address_of(name))).get_content()


async def command_in_hand(page: Page, name: str) -> None:
    await page.keyboard.press("Control+KeyK")
    await expect(page.locator("#pal-q")).to_be_focused()
    await page.keyboard.type(name)
    await expect(page.locator("#pal-list [role=option]").first).to_contain_text(name)
    await page.keyboard.press("Enter")
    await expect(page.locator("#conv-h")).to_have_text(name)


async def holds_back_what_names_another(town: Town, page: Page, brand: WorldBrand, other: WorldBrand) -> None:
    name = await write_in(town, brand)
    await take_next(page, name)
    await voice_is(page, brand)
    await page.keyboard.type(f"Scriva a {other.address} e La aiutiamo.")
    await held_back(page)
    await page.keyboard.press("Escape")
    await expect(page.locator("#draft")).to_be_focused()
    await page.keyboard.type("noi")  # the place to correct is marked
    await page.keyboard.press("Control+Enter")
    await delivery(page, "sent")
    await conclude(page, name)
    [mail] = town.sunk(address_of(name))
    assert other.address.encode() not in mail.raw


async def complains(town: Town, page: Page, brand: WorldBrand) -> None:
    name = await write_in(town, brand)
    await take_next(page, name)
    await command(page, "reclamo", "#complaint")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#conv-head .chip--warn")).to_be_visible()
    code = await page.locator("#facts .num").first.inner_text()
    assert code in (await town.mail_to(address_of(name))).get_content()
    await answer(page, "Ci dispiace: oggi stesso La richiamiamo.")
    await conclude(page, name)


async def comes_back_to_what_was_put_aside(town: Town, page: Page, brand: WorldBrand) -> None:
    name = await write_in(town, brand)
    await take_next(page, name)
    await command(page, "metti", "#aside")
    await tab_to(page, "#aside-form [name=until]")
    await page.keyboard.press("Digit1")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#queue-aside")).to_contain_text(name)
    await tab_to(page, FIRST_ASIDE)
    await page.keyboard.press("Enter")
    await expect(page.locator("#takebar")).to_be_visible()
    await page.keyboard.press("F2")
    await expect(page.locator("#draft")).to_be_focused()
    await answer(page, "Eccoci di nuovo da Lei.")
    await conclude(page, name)


async def merges(town: Town, page: Page, brand: WorldBrand) -> None:
    name = await write_in(town, brand)
    async with town.database.begin(brand.writing) as db:
        await find_or_create(db, "email", f"{name.lower()}+casa@posta.example", "Altro nome", "it")
    await take_next(page, name)
    await tab_to(page, ".same button")
    await page.keyboard.press("Enter")
    await expect(page.locator("#profile")).to_contain_text("+casa@posta.example")
    await answer(page, "Ora scriviamo a entrambi gli indirizzi.")
    await conclude(page, name)


async def refuses_what_is_out_of_date(town: Town, page: Page, brands: Sequence[WorldBrand]) -> None:
    """One tab goes on as another brand; the old form is of a contact that is closed, and keeps its words."""
    name = await write_in(town, brands[0])
    await take_next(page, name)
    async with page.expect_response(lambda kept: kept.url.endswith("/drafts/reply")):
        await page.keyboard.type("Il pacco arriva domani.")
    other = await page.context.new_page()
    await other.goto(page.url)
    await expect(other.locator("#draft")).to_have_value("Il pacco arriva domani.")
    await page.route("**/desk/stream*", lambda route: route.abort())
    await page.reload()
    await expect(page.locator("#draft")).to_have_value("Il pacco arriva domani.")
    await conclude(other, name)
    await page.keyboard.press("Alt+KeyR")
    async with page.expect_response(lambda told: told.url.endswith("/messages")) as sent:
        await page.keyboard.press("Control+Enter")
    assert (await sent.value).status == 409
    await expect(page.locator("#draft")).to_have_value("Il pacco arriva domani.")
    assert town.sunk(address_of(name)) == []
    await page.evaluate("document.getElementById('draft').value = ''")
