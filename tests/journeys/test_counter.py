"""A shop clerk writes visits down, also without a connection, and one goes on by mail until the customer has answered."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select

from portavoce.conversations.visits.models import Visit
from portavoce.customers.finding import find_or_create
from portavoce.onboarding.people import add_person
from tests.journeys.meeting import at_the_desk
from tests.journeys.seeing import visit
from tests.journeys.test_approving import shot
from tests.journeys.test_looks import faults
from tests.journeys.town import Town, customers_mail
from tests.world import HOUSE_NAME, World

MARIO = "mario.rossi@posta.example"


async def clerk(world: World) -> UUID:
    """Pina of Aurora's client."""
    return await add_person(
        world.database, HOUSE_NAME, name="Pina Banco", email=f"pina@{world.aurora.slug}.example", locale="it",
        client_id=world.client, role="client_shop_clerk", brands=[world.aurora.id], by=world.elena,
    )  # fmt: skip


async def visits(world: World) -> list[Visit]:
    async with world.database.begin(world.aurora.reading) as db:
        return list(await db.scalars(select(Visit).order_by(Visit.received_at)))


async def tell(page: Page, note: str) -> None:
    await page.fill("#f-note", note)
    await page.check("[name=disposition][value=solved]")


async def open_shop(page: Page, world: World, found: list[str]) -> None:
    here = f"/admin/b/{world.aurora.slug}/shops"
    await page.goto(here)
    found += await faults(page, "no shops")
    await page.fill("#f-name", "Aurora Duomo")
    await page.fill("#f-where", "Milano")
    await page.click("form[action$='/shops'] button")
    await page.click("details.attribute summary")
    await page.click("form[action$='/clerks'] button")
    await page.click("details.attribute summary")
    await expect(page.locator("details.attribute li")).to_contain_text("Pina Banco")
    found += await faults(page, "shops")
    await shot(page, "admin-shops")


@pytest.mark.deep
async def test_a_visit_is_written_down_and_goes_on_by_mail(
    town: Town, browser: Browser, peopled: World
) -> None:
    found: list[str] = []
    pina = await clerk(peopled)
    async with peopled.database.begin(peopled.aurora.writing) as db:
        await find_or_create(db, "email", MARIO, "Mario Rossi", "it")
    async with visit(browser, town.url, await town.cookie_of(pina)) as page:
        await page.goto("/portal")
        await expect(page.locator(".empty")).to_contain_text("Ancora nessun negozio")
        found += await faults(page, "counter without a shop")
        await shot(page, "counter-empty")
    async with visit(browser, town.url, await town.cookie_of(peopled.elena)) as page:
        await open_shop(page, peopled, found)
    async with visit(browser, town.url, await town.cookie_of(pina), width=390) as page:
        await page.goto("/portal")
        found += await faults(page, "counter")
        await shot(page, "counter")
        await page.fill("#f-note", "La guarnizione perde acqua.")
        await page.fill("#f-who", MARIO.upper())
        await page.click("[data-lookup]")
        await expect(page.locator(".found b")).to_have_text("M••• R•••")
        await expect(page.locator("#f-note")).to_have_value("La guarnizione perde acqua.")
        await expect(page.locator("#f-name")).to_be_hidden()
        await page.click("details.more summary >> text=C'è un seguito")
        await page.check("#f-by_mail")
        found += await faults(page, "counter with a match")
        await shot(page, "counter-match")
        await page.focus("#f-email")
        await page.keyboard.press("Enter")
        await expect(page.locator(".err-summary")).to_be_visible()
        found += await faults(page, "counter with a mistake")
        await page.check("[name=disposition][value=solved]")
        await page.click("[data-save]")
        await expect(page.locator(".alert--ok")).to_contain_text("contatto n. 1")
        await shot(page, "counter-saved")
    [seen] = await visits(peopled)
    assert seen.continued_id is not None
    async with at_the_desk(town, browser, peopled.anna) as page:
        await page.goto(f"/b/{peopled.aurora.slug}/interactions/{seen.interaction_id}")
        found += await faults(page, "visit at the desk")
        await shot(page, "desk-visit")
        await page.click("#takebar a")
        await page.click("#takebar button")
        await page.fill("#draft", "Le mandiamo la guarnizione.")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".msg.out")).to_be_visible()
        found += await faults(page, "mail after a visit")
        await shot(page, "desk-visit-mail")
        mail = await town.mail_to(MARIO)
        assert "Aurora Duomo, Milano" in str(mail["Subject"])
        await town.post_until_taken(
            customers_mail(
                str(mail["Reply-To"]), "Grazie, arrivata.", sender=f"Mario Rossi <{MARIO}>",
                subject=f"Re: {mail['Subject']}", In_Reply_To=str(mail["Message-ID"]),
            )
        )  # fmt: skip
        await expect(page.locator(".msg.in")).to_contain_text("Grazie, arrivata.")
    assert not found, "\n".join(found)


@pytest.mark.deep
async def test_without_a_connection_a_visit_waits_on_the_device_and_is_sent_once(
    town: Town, browser: Browser, peopled: World
) -> None:
    found: list[str] = []
    pina = await clerk(peopled)
    async with visit(browser, town.url, await town.cookie_of(peopled.elena)) as page:
        await open_shop(page, peopled, [])
    async with visit(browser, town.url, await town.cookie_of(pina), width=390) as page:
        await page.goto("/portal")
        await page.context.set_offline(True)
        await page.fill("#f-who", MARIO)
        await page.click("[data-lookup]")
        await expect(page.locator("#toasts")).not_to_be_empty()
        await page.check("[name=visitor][value=unnamed]")
        await tell(page, "Chiede gli orari.")
        await page.click("[data-save]")
        await expect(page.locator("#kept")).to_contain_text("1 visita attende")
        await expect(page.locator("#f-note")).to_have_value("")
        await page.check("[name=visitor][value=new]")
        await tell(page, "Senza nome e numero.")
        await page.click("[data-save]")
        await expect(page.locator("#kept")).to_contain_text("2 visite attendono")
        found += await faults(page, "counter offline")
        await shot(page, "counter-offline")
        assert await visits(peopled) == []
        await page.context.set_offline(False)
        await expect(page.locator("#kept li")).to_contain_text("Senza nome e numero.: Non accettata")
        found += await faults(page, "counter with a refused one")
        await shot(page, "counter-refused")
        [sent] = await visits(peopled)
        assert sent.occurred_at < sent.received_at
        await page.click("#kept li button")
        await expect(page.locator("#f-note")).to_have_value("Senza nome e numero.")
        await page.check("[name=visitor][value=unnamed]")
        await page.click("[data-save]")
        await expect(page).to_have_url(re.compile("saved="))
        await expect(page.locator("#kept")).to_be_hidden()
        assert await page.evaluate("localStorage.length") == 0
        await page.context.clear_cookies()
        await page.check("[name=visitor][value=unnamed]")
        await tell(page, "La sessione era finita.")
        await page.click("[data-save]")
        await expect(page.locator("#kept")).to_contain_text("1 visita attende")
        again = {"name": "portavoce", "value": await town.cookie_of(pina), "url": town.url}
        await page.context.add_cookies([again])  # type: ignore[list-item]  # -- three of its fields
        await page.goto("/portal")
        await expect(page.locator("#kept")).to_be_hidden()
        assert await page.evaluate("localStorage.length") == 0
        await page.evaluate("document.querySelector('#visit [name=shop]').value = crypto.randomUUID()")
        await page.check("[name=visitor][value=unnamed]")
        await tell(page, "Il negozio non c'era più.")
        await page.click("[data-save]")
        await expect(page.locator("#kept li")).to_contain_text("Non accettata")
        await page.reload()
        await page.click("#kept li button")
        await page.click("[data-save]")
        await expect(page).to_have_url(re.compile("saved="))
    assert len(await visits(peopled)) == 4
    assert not found, "\n".join(found)
