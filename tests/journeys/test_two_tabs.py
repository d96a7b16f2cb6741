"""What was typed on a page that is out of date is refused and stays on the screen."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.meeting import address_of, at_the_desk, delivery, finish, take, taken
from tests.journeys.town import Town
from tests.world import World

DRAFT = "Buongiorno, il pacco è già partito: perché non guarda il tracciamento?"


async def refused(page: Page) -> None:
    """Sending is answered 409 and the text stays where it was."""
    await page.fill("#draft", DRAFT)
    async with page.expect_response(lambda answer: answer.url.endswith("/messages")) as sent:
        await page.click("#send")
    assert (await sent.value).status == 409
    await expect(page.locator("#problem-reply")).to_be_visible()
    await expect(page.locator("#draft")).to_have_value(DRAFT)


async def without_live(page: Page) -> None:
    """As on a train: the page does not hear what happens elsewhere."""
    await page.route("**/desk/stream*", lambda route: route.abort())
    await page.reload()


@pytest.mark.deep
async def test_an_answer_to_a_contact_closed_in_another_tab_is_refused_and_kept(
    town: Town, browser: Browser, peopled: World
) -> None:
    async with at_the_desk(town, browser, peopled.anna) as page:
        name = await taken(town, page, peopled)
        other = await page.context.new_page()
        await other.goto(page.url)
        await without_live(page)
        await finish(other)
        await refused(page)
        await page.evaluate("document.getElementById('draft').value = ''")
    assert town.sunk(address_of(name)) == []


@pytest.mark.deep
async def test_an_answer_to_a_contact_given_back_and_taken_by_a_colleague_is_refused_and_kept(
    town: Town, browser: Browser, peopled: World
) -> None:
    async with at_the_desk(town, browser, peopled.anna) as page:
        name = await taken(town, page, peopled)
        await without_live(page)
        other = await page.context.new_page()
        await other.goto(page.url)
        await other.click("form[action$='/release'] button")
        await expect(other.locator("#takebar")).to_be_visible()
        async with at_the_desk(town, browser, peopled.bruno) as colleague:
            await take(colleague, name)
        await refused(page)
    assert town.sunk(address_of(name)) == []


@pytest.mark.deep
async def test_an_answer_written_for_another_brand_is_refused_and_kept(
    town: Town, browser: Browser, peopled: World
) -> None:
    async with at_the_desk(town, browser, peopled.anna) as page:
        name = await taken(town, page, peopled)
        await page.evaluate(
            "brand => document.querySelector('#composer-reply [name=expected_brand]').value = brand",
            str(peopled.bosco.id),
        )
        await refused(page)
    assert town.sunk(address_of(name)) == []


@pytest.mark.deep
async def test_a_double_click_on_send_sends_one_mail(town: Town, browser: Browser, peopled: World) -> None:
    async with at_the_desk(town, browser, peopled.anna) as page:
        name = await taken(town, page, peopled)
        await page.fill("#draft", DRAFT)
        await page.dblclick("#send")
        await delivery(page, "sent")
        await expect(page.locator("#draft")).to_have_value("")
        await page.reload()
        await expect(page.locator(".msg.out")).to_have_count(1)
    assert len(town.sunk(address_of(name))) == 1
