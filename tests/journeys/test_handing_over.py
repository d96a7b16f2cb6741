"""Handed over at the desk: to the client and back by itself, and from one agent to another."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from playwright.async_api import Browser, expect

from portavoce.conversations.claiming import claim
from portavoce.onboarding.people import add_person
from tests.journeys.meeting import at_the_desk, taken, write_in
from tests.journeys.seeing import visit, waiting
from tests.journeys.test_looks import faults
from tests.journeys.town import Town
from tests.world import HOUSE_NAME, World


async def answerer(world: World, email: str) -> UUID:
    """Olga of Aurora's client."""
    return await add_person(
        world.database, HOUSE_NAME, name="Olga Serra", email=email, locale="it", client_id=world.client,
        role="client_back_office", brands=[world.aurora.id], by=world.elena,
    )  # fmt: skip


async def test_a_question_goes_to_the_client_and_its_answer_comes_back_to_the_open_contact(
    town: Town, browser: Browser, peopled: World
) -> None:
    email = f"olga@{peopled.aurora.slug}.example"
    olga = await answerer(peopled, email)
    await town.mail_to(email)
    found = []
    async with at_the_desk(town, browser, peopled.anna) as page:
        name = await taken(town, page, peopled)
        await page.keyboard.press("F7")
        await expect(page.locator("#transfer [value=agent]")).to_be_focused()
        await page.keyboard.press("2")
        await expect(page.locator("#f-shared")).to_have_value(re.compile("Dov'è il mio pacco"))
        await page.fill("#f-question", "È in garanzia?")
        await page.keyboard.press("Control+Enter")
        await expect(page).to_have_url(re.compile("/desk$"))
        await page.locator("#queue-aside li").filter(has_text=name).locator("a").click()
        await expect(page.locator("#foot")).to_contain_text("È in garanzia?")
        found += await faults(page, "with the client")
        mail = (await town.mail_to(email, number=2)).get_content()
        assert name not in mail
        assert "garanzia" not in mail
        link = re.search(r"/portal/\S+", mail)
        assert link is not None
        async with visit(browser, town.url, await town.cookie_of(olga)) as office:
            await office.goto(f"/portal/{peopled.aurora.slug}/requests")
            found += await faults(office, "questions")
            await office.goto(link[0])
            await expect(office.locator("main")).to_contain_text("Dov'è il mio pacco")
            found += await faults(office, "one question")
            await office.fill("#f-text", "Sì, due anni.")
            await office.click("main .btn--brand")
            await expect(office.locator(".alert--ok")).to_be_visible()
            found += await faults(office, "questions answered")
        await expect(page.locator("#draft")).to_be_visible()
        await expect(page.locator(".msg.note")).to_contain_text("Sì, due anni.")
        await expect(page.locator(".msg.note")).to_contain_text("Olga, back office")
        await expect(page.locator("#queue-mine")).to_contain_text(name)
    assert not found, "\n".join(found)


@pytest.mark.deep
async def test_a_colleague_finds_it_in_hand_with_the_note(
    town: Town, browser: Browser, peopled: World
) -> None:
    async with (
        at_the_desk(town, browser, peopled.bruno) as his,
        at_the_desk(town, browser, peopled.anna) as hers,
    ):
        name = await taken(town, hers, peopled)
        await hers.keyboard.press("F7")
        await hers.select_option("#f-colleague", label="Bruno")
        await hers.fill("#f-reason", "Segui tu il reso?")
        await hers.click("#transfer .btn--brand")
        await his.locator("#queue-mine li").filter(has_text=name).locator("a").click()
        await expect(his.locator(".msg.note")).to_contain_text("Segui tu il reso?")
        await expect(his.locator("#draft")).to_be_visible()
        await expect(hers.locator("#queue-mine")).not_to_contain_text(name)


async def test_who_gets_a_contact_while_looking_at_it_has_its_dialogs_too(
    town: Town, browser: Browser, peopled: World
) -> None:
    """As by a second window, or a colleague who hands it over: nothing was asked for here."""
    name = await write_in(town, peopled.aurora)
    async with at_the_desk(town, browser, peopled.anna) as page:
        await waiting(page, name).locator("a").click()
        await expect(page.locator("#takebar button")).to_be_visible()
        [contact] = await peopled.contacts(peopled.aurora)
        anna = peopled.anna.at(peopled.aurora)
        await town.database.run(peopled.aurora.writing, lambda db: claim(db, contact.id, by=anna))
        await expect(page.locator("#draft")).to_be_visible()
        await page.keyboard.press("F7")
        await expect(page.locator("#transfer [value=agent]")).to_be_focused()
