"""A relay that hangs up after the last dot: nobody knows, the agent decides, and the mail keeps its name."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.fakes.smtp_sink import DROP
from tests.journeys.meeting import address_of, at_the_desk, delivery, taken
from tests.journeys.town import Town
from tests.world import World


@pytest.mark.deep
async def test_an_uncertain_answer_is_sent_again_by_hand_under_its_own_name(
    town: Town, browser: Browser, peopled: World
) -> None:
    async with at_the_desk(town, browser, peopled.anna) as page:
        name = await taken(town, page, peopled)
        town.sink.replies["dot"] = DROP
        await page.fill("#draft", "Il pacco arriva domani.")
        await page.click("#send")
        await delivery(page, "uncertain")
        again = page.locator(".trouble[data-state=uncertain] button")
        await expect(again).to_be_visible()
        del town.sink.replies["dot"]
        await again.click()
        await delivery(page, "sent")
        await expect(again).to_have_count(0)
    first = await town.mail_to(address_of(name))
    second = await town.mail_to(address_of(name), number=2)
    assert first["Message-ID"] == second["Message-ID"]
    assert len(town.sunk(address_of(name))) == 2
