"""`kill -9` in the middle of the work: nothing is lost, nothing happens twice, nobody has to begin again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, expect

from portavoce.ledger.verifying import verify_all
from tests.fakes.smtp_sink import SILENCE
from tests.journeys.meeting import address_of, at_the_desk, delivery, finish, take
from tests.journeys.seeing import waiting
from tests.journeys.town import Town, customers_mail
from tests.world import World

ANSWER = "Buongiorno, la sostituiamo: perché aspettare ancora?"
AGAIN = "Il pacco nuovo è già partito."
CUSTOMER = "Piera"


@pytest.mark.deep
async def test_web_engine_and_worker_are_killed_while_a_contact_is_answered(
    town: Town, browser: Browser, peopled: World
) -> None:
    name, address = CUSTOMER, address_of(CUSTOMER)
    mail = customers_mail(
        peopled.aurora.address, "La macchina non parte più.", sender=f"{name} <{address}>", subject="Guasto"
    )
    async with at_the_desk(town, browser, peopled.anna) as page:
        await town.kill("engine")
        assert await town.post(mail) == 0
        await town.start("engine", impatient=True)
        await town.post_until_taken(mail)
        await town.post_until_taken(mail)
        await expect(waiting(page, name)).to_have_count(1)
        await take(page, name)

        await page.fill("#draft", ANSWER)
        await town.kill("serve")
        await page.click("#send")
        await expect(page.locator(".toast")).to_be_visible()
        await expect(page.locator("#draft")).to_have_value(ANSWER)
        await town.start("serve")
        await town.kill("worker")
        await page.click("#send")
        await delivery(page, "sending")
        await town.kill("engine")
        await town.start("engine", impatient=True)
        await town.start("worker")
        await delivery(page, "sent")

        town.sink.replies["DATA"] = SILENCE
        offered = _offered(town)
        await page.fill("#draft", AGAIN)
        await page.click("#send")
        await town.until(offered)
        await town.kill("worker")
        del town.sink.replies["DATA"]
        await town.start("worker")
        await expect(page.locator(".msg.out .sent[data-state=sent]")).to_have_count(2)
        await finish(page)
    sent = [mail.raw for mail in town.sunk(address)]
    assert [ANSWER.encode()[:20] in sent[0], len(sent)] == [True, 2]
    assert len(await peopled.messages(peopled.aurora)) == 3
    assert await verify_all(peopled.database, [peopled.aurora.id, peopled.bosco.id]) == []
    await town.kill("engine")
    await town.start("engine")


def _offered(town: Town) -> Callable[[], Awaitable[bool]]:
    """Whether a worker has come to the relay with a mail since now."""
    before = town.sink.seen.count("DATA")

    async def offered() -> bool:
        return town.sink.seen.count("DATA") > before

    return offered
