"""Short ways to the moment a journey is about: a mail has come in, the agent has the contact open."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from playwright.async_api import Browser, Page, expect

from tests.journeys.seeing import visit, waiting
from tests.journeys.town import Town, customers_mail
from tests.world import World, WorldAgent, WorldBrand

_numbers = count(1)


@asynccontextmanager
async def at_the_desk(town: Town, browser: Browser, agent: WorldAgent) -> AsyncIterator[Page]:
    async with visit(browser, town.url, await town.cookie_of(agent.person_id)) as page:
        await page.goto("/desk")
        yield page


async def write_in(town: Town, brand: WorldBrand, text: str = "Dov'è il mio pacco? È urgente.") -> str:
    """A new customer writes; gives the name under which they wait. `…@posta.example` is the name in small letters."""
    name = f"Cliente{next(_numbers)}"
    mail = customers_mail(
        brand.address, text, sender=f"{name} <{address_of(name)}>", subject=f"Domanda di {name}"
    )
    await town.post_until_taken(mail)
    return name


def address_of(name: str) -> str:
    return f"{name.lower()}@posta.example"


async def take(page: Page, name: str) -> None:
    """From the queue into the agent's hands."""
    await waiting(page, name).locator("a").click()
    await page.click("#takebar button")
    await expect(page.locator("#draft")).to_be_visible()


async def taken(town: Town, page: Page, world: World, brand: WorldBrand | None = None) -> str:
    """A new customer's contact, open and in hand."""
    name = await write_in(town, brand or world.aurora)
    await take(page, name)
    return name


async def finish(page: Page, outcome: str = "solved") -> None:
    await page.click("[data-open=wrapup]")
    await page.check(f"#wrapup [value={outcome}]")
    await page.click("#wrapup .btn--brand")
    await expect(page).to_have_url(re.compile("/desk$"))


async def delivery(page: Page, state: str) -> None:
    """The one answer on the screen has come so far."""
    await expect(page.locator(f".msg.out .sent[data-state={state}]")).to_have_count(1)
