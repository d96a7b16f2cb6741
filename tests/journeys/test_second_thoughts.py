"""Sent in haste: taken back before it left, put right, sent again, once."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from portavoce.brands.limits import set_limit
from portavoce.conversations.leaving import UNDO
from tests.journeys.meeting import address_of, at_the_desk, delivery, taken
from tests.journeys.town import Town
from tests.world import World


@pytest.mark.deep
async def test_an_answer_sent_in_haste_is_taken_back_and_put_right(
    town: Town, browser: Browser, peopled: World
) -> None:
    async with town.database.begin(peopled.aurora.writing) as db:
        await set_limit(db, UNDO, 60, by="test")
    async with at_the_desk(town, browser, peopled.anna) as page:
        name = await taken(town, page, peopled)
        await page.fill("#draft", "Buongiorno Ugo,")
        await page.click("#send")
        await delivery(page, "leaving")
        await expect(page.locator("#draft")).to_have_value("")
        await page.locator(".toast button").click()
        await expect(page.locator("#draft")).to_have_value("Buongiorno Ugo,")
        await delivery(page, "withdrawn")
        async with town.database.begin(peopled.aurora.writing) as db:
            await set_limit(db, UNDO, 1, by="test")
        await page.fill("#draft", f"Buongiorno {name},")
        await page.click("#send")
        await delivery(page, "sent")
    mail = await town.mail_to(address_of(name))
    assert mail.get_content().startswith(f"Buongiorno {name},")
    assert len(town.sunk(address_of(name))) == 1
