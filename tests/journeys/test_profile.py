"""A customer's profile at work: changed by keyboard, seen by others at once, never over somebody else's text."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.async_api import Browser, Page, expect

from portavoce.customers.defining import add_attribute
from portavoce.customers.finding import find_or_create
from tests.depth import DEEP
from tests.journeys.meeting import at_the_desk, take, taken, write_in
from tests.journeys.test_looks import faults as all_faults
from tests.journeys.town import Town
from tests.world import World

IBAN = "IT60X0542811101"
LOOKED_AT = ("profile with history", "conflict", "customer's page")
"""States that every run looks at; a deep one looks at all."""


async def faults(page: Page, where: str) -> list[str]:
    return await all_faults(page, where) if DEEP or where in LOOKED_AT else []


async def asked(world: World) -> tuple[UUID, UUID]:
    """Aurora asks for a level and a hidden number."""
    async with world.database.begin(world.aurora.writing) as db:
        level = await add_attribute(
            db, key="level", label="Livello", kind="choice", choices=("Oro", "Argento"), by="admin"
        )
        number = await add_attribute(db, key="iban", label="IBAN", kind="text", masked=True, by="admin")
    return level, number


async def edit(page: Page) -> None:
    await page.locator("#edit-profile").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#f-name")).to_be_focused()


@pytest.mark.deep
async def test_a_profile_is_changed_by_keyboard_and_seen_by_others_at_once(
    town: Town, browser: Browser, peopled: World
) -> None:
    level, number = await asked(peopled)
    found = []
    async with (
        at_the_desk(town, browser, peopled.anna) as anna,
        at_the_desk(town, browser, peopled.bruno) as bruno,
    ):
        await taken(town, anna, peopled)
        await bruno.goto(anna.url)
        await expect(bruno.locator("#profile")).to_be_visible()
        await edit(anna)
        found += await faults(anna, "form")
        await anna.keyboard.press("Control+A")
        await anna.keyboard.type("Gina R. Verdi")
        await anna.locator("[name=needs][value=no_calls]").press("Space")
        await anna.locator(f"[name=a_{level.hex}]").select_option("Oro")
        await anna.locator(f"[name=a_{number.hex}]").fill(IBAN)
        await anna.locator("#f-about").fill("Chiama la figlia.")
        await anna.keyboard.press("Control+Enter")
        for page in (anna, bruno):
            await expect(page.locator("#profile")).to_contain_text("Gina R. Verdi")
            await expect(page.locator(".needs")).to_contain_text("Scrivere, non telefonare")
            await expect(page.locator("#profile")).to_contain_text("Chiama la figlia.")
        assert IBAN not in await bruno.content()
        await bruno.locator("#profile form button").click()
        await expect(bruno.locator("#profile")).to_contain_text(IBAN)
        assert IBAN not in await anna.content()
        await anna.locator("summary", has_text="Storia").press("Enter")
        await expect(anna.locator("#changes")).to_contain_text("Anna")
        assert IBAN not in await anna.content()
        found += await faults(anna, "profile with history")
    assert not found, "\n".join(found)


@pytest.mark.deep
async def test_who_saves_later_sees_what_is_new_and_loses_no_word(
    town: Town, browser: Browser, peopled: World
) -> None:
    found = []
    async with (
        at_the_desk(town, browser, peopled.anna) as anna,
        at_the_desk(town, browser, peopled.bruno) as bruno,
    ):
        await taken(town, anna, peopled)
        await bruno.goto(anna.url)
        for page, text in ((anna, "Nota di Anna"), (bruno, "Nota di Bruno")):
            await edit(page)
            await page.locator("#f-about").fill(text)
        await anna.keyboard.press("Control+Enter")
        await expect(anna.locator("#profile")).to_contain_text("Nota di Anna")
        await expect(bruno.locator("#f-about")).to_have_value("Nota di Bruno")
        await bruno.locator("#f-about").press("Control+Enter")
        await expect(bruno.locator(".fresh")).to_contain_text("Nota di Anna")
        await expect(bruno.locator("#f-about")).to_have_value("Nota di Bruno")
        found += await faults(bruno, "conflict")
        await bruno.locator("#f-about").press("Control+Enter")
        for page in (anna, bruno):
            await expect(page.locator("#profile")).to_contain_text("Nota di Bruno")
        await bruno.locator("summary", has_text="Annota un consenso").press("Enter")
        await bruno.locator("#f-given input").first.check()
        await bruno.locator("#consent-form #f-source").fill(" ")
        await bruno.locator("#consent-form button").click()
        await expect(bruno.locator("#f-source-err")).to_be_visible()
        found += await faults(bruno, "consent without a source")
        await bruno.locator("#f-source").fill("Telefonata")
        await bruno.locator("#f-source").press("Control+Enter")
        await expect(anna.locator(".consents")).to_contain_text("Telefonata")
        await bruno.goto(await bruno.locator("#changes a").get_attribute("href") or "")
        found += await faults(bruno, "customer's page")
    assert not found, "\n".join(found)


@pytest.mark.deep
async def test_one_person_written_twice_is_merged_and_parted_again(
    town: Town, browser: Browser, peopled: World
) -> None:
    found = []
    async with at_the_desk(town, browser, peopled.anna) as anna:
        first = await write_in(town, peopled.aurora)
        async with peopled.database.begin(peopled.aurora.writing) as db:
            await find_or_create(db, "email", f"{first.lower()}+shop@posta.example", "Altro nome", "it")
        await take(anna, first)
        await expect(anna.locator(".same")).to_contain_text("stessa casella")
        found += await faults(anna, "suggestion")
        await anna.locator(".same .btn:not(.btn--ghost)").press("Enter")
        await expect(anna.locator("#profile")).to_contain_text("+shop@posta.example")
        await expect(anna.locator("#merged-h")).to_be_visible()
        await anna.locator(".same button").press("Enter")
        await expect(anna.locator("#same-h")).to_be_visible()
        await expect(anna.locator("#profile")).not_to_contain_text("+shop@posta.example")
    assert not found, "\n".join(found)
