"""Carla reads her brand's month on a desk and on a phone: every number down to its facts, and the files she takes home."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import update

from portavoce.contracts.models import Clause, ContractVersion
from portavoce.onboarding.people import add_person
from portavoce.reporting.months import month_of
from portavoce.reporting.observing.following import catch_up
from portavoce.reporting.recomputing import recompute_file
from tests.journeys.seeing import visit
from tests.journeys.test_looks import faults
from tests.journeys.town import Town
from tests.reporting.telling import Contact, record_contacts
from tests.world import HOUSE_NAME, World

HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
ZONE = "Europe/Rome"


async def viewer(world: World) -> UUID:
    return await add_person(
        world.database, HOUSE_NAME, name="Carla Longo", email=f"carla@{world.aurora.slug}.example", locale="it",
        client_id=world.client, role="client_viewer", brands=[world.aurora.id], by=world.elena,
    )  # fmt: skip


async def three_contacts(world: World) -> datetime:
    """Two in time and one late, of one hour of today or yesterday; the contract is older than they are."""
    at = world.database.clock.now().replace(minute=0, second=0, microsecond=0) - 6 * HOUR
    async with world.database.begin(world.aurora.writing) as db:
        await db.execute(update(ContractVersion).values(valid_from=at - HOUR))
        await db.execute(update(Clause).values(calendar_id=None, target_s=1_800))
    contacts = [
        Contact(at, at + QUARTER),
        Contact(at + QUARTER, at + 2 * QUARTER),
        Contact(at + QUARTER, at + 3 * HOUR),
    ]
    await record_contacts(world.database, world.aurora, *contacts)  # type: ignore[arg-type]  # -- it has all that is asked
    await catch_up(world.database, world.aurora.id)
    return at


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
async def test_a_number_is_opened_down_to_its_facts_and_taken_home(
    town: Town, browser: Browser, peopled: World, tmp_path: Path, width: int
) -> None:
    at, carla = await three_contacts(peopled), await viewer(peopled)
    month = month_of(at, ZONE)
    async with visit(browser, town.url, await town.cookie_of(carla), width=width) as page:
        await page.goto("/portal")
        await page.goto(f"/portal/{peopled.aurora.slug}/{month}")
        await expect(page.locator(".kpis")).to_contain_text("66,67")
        received = page.locator(".kpis .v a[href*='/received?']")
        counted = int(await received.inner_text())
        await open_days(page)
        await page.locator("a[href*='/received?day=']").last.click()
        await expect(page.locator("#quarters-h")).to_be_visible()
        chips = page.locator("a.chip[href*='quarter=']")
        sums = [int(text) for text in await page.locator("a.chip b").all_inner_texts()]
        assert sum(sums) <= counted
        place = sums.index(2)
        await chips.nth(place).click()
        await expect(page.locator("tbody tr")).to_have_count(2)
        found = await faults(page, "a quarter of an hour")
        await page.locator("tbody th a").first.click()
        await expect(page.locator("main")).to_contain_text("Contatto aperto")
        found += await faults(page, "one contact")
        await page.goto(f"/portal/{peopled.aurora.slug}/{month}")
        files = [
            await take_home(page, name, tmp_path) for name in ("report.pdf", "report.xlsx", "evidence.jsonl")
        ]
    assert [each.read_bytes()[:4] for each in files[:2]] == [b"%PDF", b"PK\x03\x04"]
    said: list[str] = []
    assert recompute_file(files[2], said.append) == 0, said
    assert not found, "\n".join(found)


async def open_days(page: Page) -> None:
    for summary in await page.locator("details.datatable summary").all():
        await summary.click()


async def take_home(page: Page, name: str, folder: Path) -> Path:
    async with page.expect_download() as awaited:
        await page.locator(f"a[download][href*='/{name}']").first.click()
    path = folder / name
    await (await awaited.value).save_as(path)
    return path
