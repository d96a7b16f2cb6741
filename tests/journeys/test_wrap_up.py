"""The next contact, its reason, its outcome from a tree, and the time after it: by keyboard alone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select

from portavoce.brands.lines import LineSettings, set_line
from portavoce.conversations.choices import OUTCOME, REASON
from portavoce.conversations.defining import add_choice
from portavoce.conversations.models import Closure, HandlingSegment, Interaction
from tests.journeys.meeting import at_the_desk, write_in
from tests.journeys.seeing import visit, waiting
from tests.journeys.test_looks import faults
from tests.journeys.town import Town
from tests.world import World

ACW_S = 900
NEXT = '[data-take="next"]'


async def prepare(world: World, *, seconds: int = ACW_S) -> None:
    """Complaint, the third outcome, opens into two; a reason is asked for; every closing is followed by time."""
    lob = world.aurora.lob_id
    async with world.database.begin(world.aurora.writing) as db:
        complaint = await add_choice(db, lob, kind=OUTCOME, label="Reclamo", by="admin")
        for label in ("Consegna", "Qualità"):
            await add_choice(db, lob, kind=OUTCOME, label=label, parent_id=complaint, by="admin")
        parcel = await add_choice(db, lob, kind=REASON, label="Pacco", by="admin")
        await add_choice(db, lob, kind=REASON, label="In ritardo", parent_id=parcel, by="admin")
        await add_choice(db, lob, kind=REASON, label="Altro", by="admin")
        await set_line(db, lob, LineSettings("assisted", True, "timed", seconds), by="admin")


async def focused(page: Page) -> str:
    text: str = await page.evaluate("document.activeElement.closest('label, button')?.innerText ?? ''")
    return " ".join(text.split())


async def test_from_the_next_contact_to_the_end_of_its_wrap_up_without_a_pointer(
    town: Town, browser: Browser, peopled: World
) -> None:
    await prepare(peopled)
    async with at_the_desk(town, browser, peopled.anna) as page:
        await page.keyboard.press("F2")
        # A key that is quicker than the scripts sends the form as a browser does, and the page says it.
        await expect(page.get_by_text("Nessuno ti aspetta.").first).to_be_visible()
        name = await write_in(town, peopled.aurora)
        await expect(waiting(page, name)).to_be_visible()
        await page.keyboard.press("F2")
        await expect(page.locator("#conv-h")).to_have_text(name)
        await expect(page.locator("#draft")).to_be_focused()
        await page.keyboard.press("F8")
        await expect(page.locator("#wrapup")).to_be_visible()
        assert await focused(page) == "1 Pacco"
        await page.keyboard.press("Digit1")
        assert await focused(page) == "1 In ritardo"
        await page.keyboard.press("Escape")
        assert await focused(page) == "1 Pacco"
        await expect(page.locator("#wrapup")).to_be_visible()
        await page.keyboard.press("Digit2")
        await expect(page.locator("#wrapup [value=altro]")).to_be_checked()
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#f-disposition-err")).to_be_visible()
        await expect(page.locator("#wrapup [value=altro]")).to_be_checked()
        await page.locator("#f-disposition input").first.focus()
        await page.keyboard.press("Digit7")
        assert await focused(page) == "1 Consegna"
        await page.keyboard.press("Digit2")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#after-h")).to_be_visible()
        await expect(page.locator("#presence-btn")).to_contain_text("Lavoro dopo contatto")
        await expect(page.locator("#queue-wrapping")).to_contain_text(name)
        await page.fill("#after-form textarea", "Richiamare lunedì")
        await page.keyboard.press("F8")
        await expect(page).to_have_url(re.compile("/desk$"))
        await expect(page.locator("#presence-btn")).to_contain_text("Disponibile")
        await expect(page.locator("#queue-wrapping")).to_have_count(0)
    async with peopled.database.begin(peopled.aurora.reading) as db:
        closure = (await db.scalars(select(Closure))).one()
        segment = (await db.scalars(select(HandlingSegment).where(HandlingSegment.part == "acw"))).one()
        reason = await db.scalar(select(Interaction.reason_id))
    assert (closure.note, reason is not None) == ("Richiamare lunedì", True)
    assert segment.ended_at is not None
    assert segment.ended_at - segment.started_at < timedelta(seconds=ACW_S)


@pytest.mark.deep
async def test_the_end_of_the_time_takes_nothing_of_what_is_being_typed(
    town: Town, browser: Browser, peopled: World
) -> None:
    await prepare(peopled, seconds=10)
    async with at_the_desk(town, browser, peopled.anna) as page:
        name = await write_in(town, peopled.aurora)
        await expect(waiting(page, name)).to_be_visible()
        await page.click(NEXT)
        await page.click("[data-open=wrapup]")
        await page.check("#wrapup [value=altro]")
        await page.check("#wrapup [value=solved]")
        await page.click("#wrapup .btn--brand")
        await page.fill("#after-form textarea", "Una nota lunga")
        await expect(page.locator("#after-h")).to_have_text("Il lavoro dopo contatto è finito")
        await expect(page.locator("#after-form textarea")).to_have_value("Una nota lunga")
        await expect(page.locator("#presence-btn")).to_contain_text("Disponibile")
    async with peopled.database.begin(peopled.aurora.reading) as db:
        segment = (await db.scalars(select(HandlingSegment).where(HandlingSegment.part == "acw"))).one()
    assert segment.ended_at == segment.until == segment.started_at + timedelta(seconds=10)


@pytest.mark.deep
async def test_no_state_of_the_wrap_up_breaks_a_rule_of_access_or_scrolls_sideways(
    town: Town, browser: Browser, peopled: World
) -> None:
    await prepare(peopled)
    found = []
    async with at_the_desk(town, browser, peopled.anna) as page:
        name = await write_in(town, peopled.aurora)
        await expect(waiting(page, name)).to_be_visible()
        await page.click(NEXT)
        await page.click("[data-open=reason]")
        await page.click("#reason [data-into=pacco]")
        await page.check("#reason [value=in_ritardo]")
        await page.click("#reason .btn--brand")
        await expect(page.locator("#conv-head")).to_contain_text("Pacco › In ritardo")
        await page.click("[data-open=wrapup]")
        await page.click("#wrapup [data-into=reclamo]")
        found += await faults(page, "outcomes below")
        await page.check("#wrapup [value=consegna]")
        await page.click("#wrapup .btn--brand")
        await page.click("#after-form summary")
        found += await faults(page, "after-contact work")
    async with visit(browser, town.url, await town.cookie_of(peopled.elena)) as page:
        await page.goto(f"/admin/b/{peopled.aurora.slug}/wrap-up")
        await page.locator("summary").first.click()
        found += await faults(page, "administration")
    assert not found, "\n".join(found)
