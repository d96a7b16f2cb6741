"""An administrator gives a brand its holidays by the keyboard alone, and a contact that waits is due another day."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select

from portavoce.calendars.models import Calendar
from portavoce.conversations.models import Interaction
from portavoce.core.models import Outbox
from portavoce.sla.recomputing import TOPIC
from tests.journeys.meeting import at_the_desk, taken
from tests.journeys.seeing import visit
from tests.journeys.test_approving import shot
from tests.journeys.test_looks import faults
from tests.journeys.town import Town
from tests.world import World

ROME = ZoneInfo("Europe/Rome")


async def due_of(world: World, contact: UUID) -> object:
    async with world.database.begin(world.aurora.reading) as db:
        return (await db.get_one(Interaction, (world.aurora.id, contact))).due_at


async def looked_after(world: World) -> bool:
    """Whether the worker has gone through the open clocks."""
    async with world.database.begin(world.aurora.reading) as db:
        return list(await db.scalars(select(Outbox.state).where(Outbox.topic == TOPIC))) == ["done"]


async def calendar_of(world: World) -> UUID:
    async with world.database.begin(world.aurora.reading) as db:
        return (await db.scalars(select(Calendar.id))).one()


async def tab_to(page: Page, selector: str) -> None:
    """By the keyboard."""
    for _ in range(120):
        if await page.locator(selector).evaluate("each => each === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by the keyboard")


@pytest.mark.deep
async def test_holidays_are_published_and_what_waits_is_due_later(
    town: Town, browser: Browser, peopled: World
) -> None:
    found: list[str] = []
    async with at_the_desk(town, browser, peopled.anna) as page:
        await taken(town, page, peopled)
    contact = (await peopled.contacts(peopled.aurora))[-1]
    before = contact.due_at
    assert before is not None
    here = f"/admin/b/{peopled.aurora.slug}/calendars"
    # Closed from the day it is due on, for a week.
    first = before.astimezone(ROME).date()
    days = [
        first + timedelta(days=n)
        for n in range(1 if first > contact.opened_at.astimezone(ROME).date() else 0, 7)
    ]
    async with visit(browser, town.url, await town.cookie_of(peopled.elena)) as page:
        await page.goto(here)
        found += await faults(page, "calendars")
        await page.goto(f"{here}/{await calendar_of(peopled)}")
        found += await faults(page, "new version")
        await tab_to(page, "#f-day_5")
        await page.keyboard.type("tardi")
        await tab_to(page, "button[value=preview]")
        await page.keyboard.press("Enter")
        await expect(page.locator("#f-day_5-err")).to_be_visible()
        found += await faults(page, "refused")
        await page.fill("#f-day_5", "09:00-13:00")
        await tab_to(page, "#f-place")
        await page.keyboard.type("Italia: Torino")
        await tab_to(page, "#f-patrons")
        await page.keyboard.type("08/09 Madonna del Latte")
        await tab_to(page, "#f-exceptions")
        await page.keyboard.type("\n".join(f"{day} Trasloco" for day in [first, *days[1:]]))
        await tab_to(page, "button[value=preview]")
        await page.keyboard.press("Enter")
        await expect(page.locator("#seen-h")).to_be_visible()
        await expect(page.locator("section[aria-labelledby=seen-h]")).to_contain_text("Natale")
        found += await faults(page, "preview")
        await shot(page, "calendar-preview")
        await tab_to(page, "button[value=publish]")
        await page.keyboard.press("Enter")
        await expect(page.locator(".alert--ok")).to_be_visible()
        await expect(page.locator(".strip td.named").first).to_be_visible()
        found += await faults(page, "published")
        await shot(page, "calendars")
        await page.goto(f"{here}/new")
        found += await faults(page, "new calendar")
        await shot(page, "calendar-new")
    async with visit(browser, town.url, await town.cookie_of(peopled.elena), lang="en") as page:
        await page.goto(here)
        await expect(page.locator(".named-days")).to_contain_text("Christmas Day")
        found += await faults(page, "published, in English")
        await shot(page, "calendars-en")
    await town.until(lambda: looked_after(peopled))
    after = await due_of(peopled, contact.id)
    assert after > before + timedelta(days=2)  # type: ignore[operator]  # -- an instant
    assert not found, "\n".join(found)
