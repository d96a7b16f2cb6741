"""Customers from a file, by keyboard and with real processes: mistakes first, then all of it, and what is there after it."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect
from sqlalchemy import func, select

from portavoce.customers.models import Customer
from tests.journeys.seeing import visit
from tests.journeys.test_looks import faults
from tests.journeys.town import Town
from tests.world import World

MANY = "Nome;Mail;Telefono;Livello\n" + "".join(
    f"Cliente Numero{n};c{n}@posta.example;;\n" for n in range(1_200)
)
WRONG = "Nome;Mail;Lingua\nGina Verdi;nessun indirizzo;it\nUgo Neri;ugo@posta.example;klingon\nLeo;leo@posta.example;it\n"


async def customers(world: World) -> int:
    async with world.database.begin(world.aurora.reading) as db:
        return (await db.execute(select(func.count(Customer.id)))).scalar_one()


async def upload(page: Page, name: str, content: str) -> None:
    await page.locator("#f-file").set_input_files(
        files=[FilePayload(name=name, mimeType="text/csv", buffer=content.encode())]
    )
    await page.locator("form[enctype] .btn--primary").press("Enter")
    await expect(page).to_have_url(re.compile(r"customer-imports/[0-9a-f-]{36}$"))


@pytest.mark.deep
async def test_a_file_is_mended_looked_through_and_brought_in(
    town: Town, browser: Browser, peopled: World
) -> None:
    found: list[str] = []
    here = f"/admin/b/{peopled.aurora.slug}/customer-imports"
    async with visit(browser, town.url, await town.cookie_of(peopled.elena)) as page:
        await page.goto(here)
        found += await faults(page, "no import yet")
        await upload(page, "sbagliato.csv", WRONG)
        found += await faults(page, "columns")
        await page.locator("form[action$=dry-run] .btn--primary").press("Enter")
        await expect(page.locator("#report-h")).to_be_visible()
        await expect(page.locator("table.report tbody tr")).to_have_count(3)
        found += await faults(page, "mistakes")
        await page.locator("form[action$=removal] button").press("Enter")
        await expect(page).to_have_url(re.compile(r"customer-imports$"))
        await upload(page, "clienti.csv", MANY)
        await page.locator("form[action$=dry-run] .btn--primary").press("Enter")
        await expect(page.locator("form[action$=run] .btn--primary")).to_have_count(2)
        found += await faults(page, "ready")
        assert await customers(peopled) == 0
        await page.locator("form[action$='/run'] .btn--primary").press("Enter")
        await expect(page.locator(".alert--ok")).to_be_visible()
        found += await faults(page, "done")
        await page.goto(here)
        found += await faults(page, "list")
    assert found == []
    assert await customers(peopled) == 1_200
