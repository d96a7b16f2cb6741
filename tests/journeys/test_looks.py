"""Every page of the journeys, in both languages, light and dark, on a desk and on a telephone."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select

from portavoce.audit.isolation import Failure, Found, keep
from portavoce.conversations.models import Message
from portavoce.core.models import Outbox
from portavoce.core.outbox import enqueue_house_mail
from portavoce.core.scope import HOUSE
from portavoce.ledger.facts import record
from portavoce.onboarding.people import add_person
from portavoce.reporting.feeding import feed
from portavoce.reporting.mailing.commentary import write_commentary
from portavoce.reporting.mailing.periods import Period
from portavoce.reporting.observing.following import catch_up
from tests.depth import scaled
from tests.journeys.meeting import at_the_desk, taken
from tests.journeys.seeing import sideways, visit
from tests.journeys.town import Town
from tests.web.browser import AXE
from tests.world import HOUSE_NAME, World

NIGHT = Found(
    {"database": 126, "pages": 60}, [Failure("pages", "GET /b/{brand}/attachments/{attachment_id}")]
)
LOOKS = [(1280, "light"), (390, "dark"), (1280, "dark"), (390, "light")][: scaled(2, deep=4)]
AXE_RUN = "axe.run(document, {resultTypes: ['violations']})"

DRESS = """theme => { document.documentElement.dataset.theme = theme;
  document.getAnimations().filter((each) => each instanceof CSSTransition).forEach((each) => each.finish()) }"""


async def faults(page: Page, where: str) -> list[str]:
    """What axe finds in any look, and scrolling sideways. Leaves the page as wide as it was."""
    found = []
    await page.evaluate(AXE.read_text())
    for width, theme in LOOKS:
        await page.set_viewport_size({"width": width, "height": 900})
        await page.evaluate(DRESS, theme)
        broken = (await page.evaluate(AXE_RUN))["violations"]
        look = f"{where} at {width} {theme}"
        found += [f"{look}: {rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in broken]
        if wider := await sideways(page):
            found.append(f"{look}: {wider} px wider than the window")
    await page.set_viewport_size({"width": 1280, "height": 900})
    return found


async def undelivered(world: World) -> None:
    """One reply that failed and one that may have arrived, each tried as often as we try; one mail of the house."""
    async with world.database.begin(HOUSE) as db:
        row = enqueue_house_mail(db, "nuova@voxa.example", "Invito", "x")
        row.state, row.tries, row.last_error = "dead", 5, "Retry: 550 no such mailbox"
    for state in ("failed", "uncertain"):
        answer = await world.answered(world.aurora)
        async with world.database.begin(world.aurora.writing) as db:
            found = (
                await db.scalars(select(Outbox).where(Outbox.ref_id == answer.id).with_for_update())
            ).one()
            found.state, found.tries, found.last_error = "dead", 5, "Retry: the relay is out of order"
            (await db.get_one(Message, (world.aurora.id, answer.id))).state = state


async def viewer(world: World) -> UUID:
    """Carla of Aurora's client."""
    return await add_person(
        world.database, HOUSE_NAME, name="Carla Longo", email=f"carla@{world.aurora.slug}.example",
        locale="it", client_id=world.client, role="client_viewer", brands=[world.aurora.id], by=world.elena,
    )  # fmt: skip


async def approver(world: World) -> UUID:
    """Rosa of Aurora's client."""
    return await add_person(
        world.database, HOUSE_NAME, name="Rosa Riva", email=f"rosa@{world.aurora.slug}.example",
        locale="it", client_id=world.client, role="client_approver", brands=[world.aurora.id], by=world.elena,
    )  # fmt: skip


async def test_the_desk_speaks_the_language_one_chooses(town: Town, browser: Browser, peopled: World) -> None:
    async with at_the_desk(town, browser, peopled.anna) as page:
        await expect(page.locator("html")).to_have_attribute("lang", "it")
        await expect(page.locator("#q-h")).to_have_text("La tua coda")
        await page.click("[data-language=en]")
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        await expect(page.locator("#q-h")).to_have_text("Your queue")
        await expect(page.locator("#presence-btn")).to_contain_text("Available")


async def test_no_page_of_the_desk_breaks_a_rule_of_access_or_scrolls_sideways(
    town: Town, browser: Browser, peopled: World
) -> None:
    found = []
    async with visit(browser, town.url) as page:
        await page.goto("/sign-in")
        found += await faults(page, "sign-in")
        await page.goto("/sign-in?ended=1&next=/desk")
        found += await faults(page, "session ended")
    async with at_the_desk(town, browser, peopled.anna) as page:
        found += await faults(page, "empty desk")
        await taken(town, page, peopled)
        found += await faults(page, "open contact")
        await page.keyboard.press("F8")
        await expect(page.locator("#wrapup")).to_be_visible()
        found += await faults(page, "wrap-up")
        await page.keyboard.press("Escape")
        await page.keyboard.press("F7")
        await page.check("#transfer [value=back_office]")
        found += await faults(page, "hand over")
    assert not found, "\n".join(found)


async def test_no_page_of_the_portal_breaks_a_rule_of_access_or_scrolls_sideways(
    town: Town, browser: Browser, peopled: World
) -> None:
    found = []
    await peopled.answered(peopled.aurora)
    await catch_up(peopled.database, peopled.aurora.id)
    async with visit(browser, town.url, await town.cookie_of(await viewer(peopled))) as page:
        await page.goto("/portal")
        found += await faults(page, "month")
        await page.locator(".kpis .v a").first.click()
        await expect(page.locator("tbody tr")).to_have_count(1)
        found += await faults(page, "list")
        await page.locator("tbody th a").first.click()
        await expect(page.locator("#clause-h")).to_be_visible()
        found += await faults(page, "contact")
        await page.goto("/portal")
        await page.locator("a[href*='/guard/near-misses']").click()
        await expect(page.locator("h1")).to_have_text("Risposte fermate: 0")
        found += await faults(page, "answers held back")
        await page.goto(f"/portal/{peopled.aurora.slug}/isolation")
        found += await faults(page, "isolation before the first night")
        async with peopled.database.begin(peopled.aurora.writing) as db:
            await keep(db, peopled.database.clock.now().date(), NIGHT)
        await page.reload()
        await expect(page.locator("[role=alert].alert--bad")).to_be_visible()
        found += await faults(page, "isolation")
        contact = (await peopled.contacts(peopled.aurora))[-1].id
        async with peopled.database.begin(peopled.aurora.writing) as db:
            record(db, "back_office.asked", interaction_id=contact, request=contact, due=None)
        await catch_up(peopled.database, peopled.aurora.id)
        await page.goto("/portal")
        await page.locator("a[href*='/questions/asked']").click()
        await expect(page.locator("tbody tr")).to_have_count(1)
        found += await faults(page, "questions of a month")
    assert not found, "\n".join(found)


async def test_no_page_of_what_goes_to_the_client_by_itself_breaks_a_rule_of_access_or_scrolls_sideways(
    town: Town, browser: Browser, peopled: World
) -> None:
    found, aurora = [], peopled.aurora
    await peopled.answered(aurora)
    await catch_up(peopled.database, aurora.id)
    await feed(peopled.database, peopled.storage, aurora.id)
    today = peopled.database.clock.now().date()
    async with peopled.database.begin(aurora.writing) as db:
        await write_commentary(
            db, Period("daily", today, today), "Giorno tranquillo.", person_id=peopled.elena
        )
    rosa = await approver(peopled)
    async with visit(browser, town.url, await town.cookie_of(rosa)) as page:
        for address, heading in (
            ("feeds", "#feeds-h"), ("tokens", "#tokens-h"), ("layouts", "#layouts-h"), ("schedules", "#schedules-h"),
        ):  # fmt: skip
            await page.goto(f"/portal/{aurora.slug}/{address}")
            await expect(page.locator(heading)).to_be_visible()
            found += await faults(page, address)
        await page.get_by_role("button", name="Invialo da ora in poi").click()
        await expect(page.locator("#schedules-h ~ *, tbody tr").first).to_be_visible()
        found += await faults(page, "schedules with one")
        await page.goto(f"/portal/{aurora.slug}/tokens")
        await page.fill("#f-name", "Pianificazione")
        await page.get_by_role("button", name="Crea il token").click()
        await expect(page.locator("#f-secret")).to_have_value(re.compile("^pvt_"))
        found += await faults(page, "a new token")
        await page.goto("/portal")
        await expect(page.locator("#said-h")).to_be_visible()
        found += await faults(page, "month with a commentary")
    async with visit(browser, town.url, await town.cookie_of(peopled.elena)) as page:
        await page.goto(f"/admin/b/{aurora.slug}/commentary")
        await expect(page.locator("#said-h")).to_be_visible()
        found += await faults(page, "commentary")
    assert not found, "\n".join(found)


@pytest.mark.deep
async def test_no_page_of_the_administration_breaks_a_rule_of_access_or_scrolls_sideways(
    town: Town, browser: Browser, peopled: World
) -> None:
    found = []
    here = f"/admin/b/{peopled.aurora.slug}"
    await undelivered(peopled)
    async with visit(browser, town.url, await town.cookie_of(peopled.elena)) as page:
        for address in (
            "/admin", "/admin/clients", "/admin/brands", "/admin/brands/new", "/admin/people",
            "/admin/people/new", f"/admin/people/{peopled.anna.person_id}", f"{here}/addresses",
            f"{here}/quarantine", f"{here}/mail", f"{here}/limits", f"{here}/guard", f"{here}/attributes", f"{here}/back-office",
            f"{here}/calendars", f"{here}/calendars/new",
            "/admin/undelivered", "/admin/retention",
            "/admin/denials", "/preferences", "/preferences/password",
        ):  # fmt: skip
            await page.goto(address)
            found += await faults(page, address)
    assert not found, "\n".join(found)
