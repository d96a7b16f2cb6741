"""The provider asks for something, the client does it, and both see what came of it."""

from __future__ import annotations

from datetime import timedelta

from playwright.async_api import Browser, expect

from tests.journeys.seeing import visit
from tests.journeys.test_looks import faults, viewer
from tests.journeys.town import Town
from tests.world import World


async def test_a_task_goes_from_the_provider_to_the_client_and_back(
    town: Town, browser: Browser, peopled: World
) -> None:
    found, carla = [], await viewer(peopled)
    due = peopled.database.clock.now() + timedelta(days=2)
    async with (
        visit(browser, town.url, await town.cookie_of(peopled.elena)) as provider,
        visit(browser, town.url, await town.cookie_of(carla)) as client,
    ):
        await provider.goto(f"/admin/b/{peopled.aurora.slug}/tasks")
        await provider.select_option("[name=kind]", "change_notice")
        await provider.fill("[name=due]", f"{due:%Y-%m-%dT%H:%M}")
        await provider.fill("[name=wording]", "Che cosa cambia nelle consegne da lunedì")
        await provider.locator("form:has([name=wording]) button").click()
        await expect(provider.locator("tbody tr")).to_have_count(1)
        found += await faults(provider, "tasks of a client")
        await client.goto("/portal")
        await client.get_by_role("link", name="Compiti").click()
        found += await faults(client, "tasks")
        await client.get_by_role("link", name="Avviso di un cambiamento").click()
        found += await faults(client, "a task")
        await client.fill("[name=text]", "Due giorni in più per le isole")
        await client.get_by_role("button", name="Segna come fatto").click()
        await expect(client.locator("tbody tr")).to_contain_text("Fatto in tempo")
        found += await faults(client, "a task is done")
        await provider.reload()
        await expect(provider.locator("tbody tr")).to_contain_text("Due giorni in più per le isole")
    assert not found, "\n".join(found)
