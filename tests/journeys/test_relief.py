"""Dino proposes that an outage excuses what was late, Rosa accepts, and the month shows both figures."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from playwright.async_api import Browser, Page, expect
from sqlalchemy import update

from portavoce.contracts.models import Clause, ContractVersion
from portavoce.onboarding.people import add_person
from portavoce.reporting.months import month_of
from portavoce.reporting.observing.following import catch_up
from portavoce.sla.measures.intervals import interval_of
from tests.journeys.seeing import fill, send, visit
from tests.journeys.test_approving import approver
from tests.journeys.test_looks import faults
from tests.journeys.town import Town
from tests.reporting.telling import Contact, record_contacts
from tests.world import HOUSE_NAME, World

HOUR = timedelta(hours=1)
ZONE = "Europe/Rome"


async def supervisor(world: World) -> UUID:
    """Dino, who answers for Aurora."""
    return await add_person(
        world.database, HOUSE_NAME, name="Dino Costa", email=f"dino@{world.aurora.slug}.example", locale="it",
        client_id=None, role="supervisor", brands=[world.aurora.id], by=world.elena,
    )  # fmt: skip


async def afternoon(world: World) -> datetime:
    """The quarter of an hour in which a contact was opened that was answered late; one an hour later was in time. The
    contract is older than they are.
    """
    at = interval_of(world.database.clock.now(), 15) - 4 * HOUR
    async with world.database.begin(world.aurora.writing) as db:
        await db.execute(update(ContractVersion).values(valid_from=at - HOUR))
        await db.execute(update(Clause).values(calendar_id=None, target_s=1_800))
    contacts = [Contact(at + HOUR, at + HOUR + HOUR / 4), Contact(at, at + 2 * HOUR)]
    await record_contacts(world.database, world.aurora, *contacts)  # type: ignore[arg-type]  # -- it has all that is asked
    await catch_up(world.database, world.aurora.id)
    return at


async def test_an_outage_is_proposed_accepted_and_seen_in_the_month(
    town: Town, browser: Browser, peopled: World
) -> None:
    at, found = await afternoon(peopled), []
    slug, local = peopled.aurora.slug, at.astimezone(ZoneInfo(ZONE))
    rosa, dino = await approver(peopled), await supervisor(peopled)
    async with visit(browser, town.url, await town.cookie_of(dino)) as page:
        await page.goto("/s")
        found += await faults(page, "supervision")
        await page.goto(f"/s/b/{slug}/relief")
        found += await faults(page, "no relief")
        await page.goto(f"/s/b/{slug}/relief/new")
        await page.evaluate("document.querySelectorAll('main form').forEach(each => each.noValidate = true)")
        await send(page)
        await expect(page.locator("#f-evidence-err")).to_be_visible()
        found += await faults(page, "a mistake in a relief")
        await fill(
            page, cause="Un sistema del cliente era fermo", starts=f"{local:%Y-%m-%dT%H:%M}",
            until=f"{local + HOUR:%Y-%m-%dT%H:%M}", evidence="Il gestionale era fermo.",
        )  # fmt: skip
        await send(page)
        await expect(page.locator("main [role=status]")).to_contain_text("Proposto")
        found += await faults(page, "proposed")
        await shot(page, "relief-proposed")
        await page.goto(f"/s/b/{slug}/relief")
        found += await faults(page, "reliefs")
        await shot(page, "reliefs-provider")
    async with visit(browser, town.url, await town.cookie_of(rosa)) as page:
        await page.goto(f"/portal/{slug}/relief")
        found += await faults(page, "reliefs of the client")
        await page.locator("tbody th a").first.click()
        await expect(page.locator("main")).to_contain_text("Il gestionale era fermo.")
        await expect(page.locator("main")).to_contain_text("1 unità, di cui 1 in ritardo")
        await expect(page.locator("main tbody")).to_contain_text("100%")
        found += await faults(page, "one relief")
        await shot(page, "relief")
        await page.locator("form[action$='/acceptance'] button").click()
        await expect(page.locator(".alert--ok")).to_be_visible()
        await shot(page, "reliefs-client")
        await catch_up(peopled.database, peopled.aurora.id)
        await page.goto(f"/portal/{slug}/{month_of(at, ZONE)}")
        await expect(page.locator(".kpis")).to_contain_text("Rettificato 100%")
        await expect(page.locator("#reliefs-h")).to_be_visible()
        found += await faults(page, "month with a relief")
        await shot(page, "month-relief")
    assert not found, "\n".join(found)


async def shot(page: Page, name: str) -> None:
    if home := os.environ.get("SHOTS"):
        for width, theme in ((1280, "light"), (390, "dark")):
            await page.set_viewport_size({"width": width, "height": 900})
            await page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            await page.screenshot(path=f"{home}/{name}-{width}.png", full_page=True)
        await page.set_viewport_size({"width": 1280, "height": 900})
