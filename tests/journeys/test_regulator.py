"""An approver looks at what an authority asks for and shows the service to everybody; a visitor reads it."""

from __future__ import annotations

from datetime import timedelta

from playwright.async_api import Browser, expect
from sqlalchemy import update

from portavoce.calendars.models import CalendarVersion
from portavoce.contracts.models import ContractVersion
from portavoce.onboarding.people import add_person
from tests.journeys.seeing import visit
from tests.journeys.test_looks import faults
from tests.journeys.town import Town
from tests.minting import Minted
from tests.reporting.telling import Contact, tell
from tests.world import HOUSE_NAME, World

LONG_AGO = timedelta(days=100)


async def months_behind(world: World) -> None:
    """Aurora's contract and hours have been in force for long, and a contact every ten days was answered after an hour."""
    async with world.database.begin(world.aurora.writing) as db:
        past = world.database.clock.now() - LONG_AGO
        await db.execute(update(ContractVersion).values(valid_from=past))
        await db.execute(update(CalendarVersion).values(valid_from=past, published_at=past))
    at = [past + timedelta(days=1 + 10 * number) for number in range(9)]
    contacts = [Contact(each, each + timedelta(hours=1)) for each in at]
    await tell(world.database, _minted(world), *contacts)


def _minted(world: World) -> Minted:
    """As far as telling looks at it."""
    return world.aurora  # type: ignore[return-value]  # -- both have id, lob_id and scopes


async def test_a_client_shows_its_measured_service_and_a_visitor_reads_it(
    town: Town, browser: Browser, peopled: World
) -> None:
    found = []
    await months_behind(peopled)
    rosa = await add_person(
        peopled.database, HOUSE_NAME, name="Rosa Galli", email=f"rosa@{peopled.aurora.slug}.example", locale="it",
        client_id=peopled.client, role="client_approver", brands=[peopled.aurora.id], by=peopled.elena,
    )  # fmt: skip
    async with visit(browser, town.url, await town.cookie_of(rosa)) as page:
        await page.goto("/portal")
        await page.get_by_role("link", name="Autorità").click()
        found += await faults(page, "authorities")
        await page.get_by_role("link", name="ARERA").click()
        await expect(page.locator("tbody tr").first).to_be_visible()
        found += await faults(page, "indicators")
        await page.get_by_role("button", name="Accendi la pagina").click()
        address = await page.locator("a[href*='/open/service/']").get_attribute("href")
        assert address is not None
        found += await faults(page, "page is on")
    async with visit(browser, town.url) as page:
        await page.goto(f"/open/service/{address.rpartition('/')[2]}")
        await expect(page.locator("h1")).to_have_text("Servizio misurato")
        await expect(page.locator("tbody tr").first).to_contain_text("100%")
        found += await faults(page, "measured service")
        await page.get_by_role("link", name="English").click()
        await expect(page.locator("h1")).to_have_text("Measured service")
        assert await page.context.cookies() == []
    assert not found, "\n".join(found)
