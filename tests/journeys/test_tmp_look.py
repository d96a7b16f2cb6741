from __future__ import annotations
from playwright.async_api import Browser, expect
from tests.journeys.meeting import at_the_desk, delivery, taken
from tests.journeys.test_looks import faults
from tests.journeys.town import Town
from tests.world import World

async def test_look(town: Town, browser: Browser, peopled: World) -> None:
    problems=[]
    async with at_the_desk(town, browser, peopled.anna) as page:
        await page.set_viewport_size({"width":1280,"height":800})
        await taken(town, page, peopled)
        n=0
        async def shot(name):
            for theme in ("light","dark"):
                for w in (1280,390):
                    await page.emulate_media(color_scheme=theme)
                    await page.set_viewport_size({"width":w,"height":800})
                    await page.wait_for_timeout(200)
                    await page.screenshot(path=f"/tmp/prof/{name}-{theme}-{w}.png")
            await page.set_viewport_size({"width":1280,"height":800})
        await page.click("[data-open=promise]")
        await page.fill("#promise-form [name=text]", "Mandiamo il ricambio entro sera, altrimenti uno sconto")
        await shot("promise")
        problems += await faults(page,"promise dialog")
        await page.locator("#promise-form [name=due]").first.check()
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#promises li")).to_have_count(1)
        await expect(page.locator("#queue-owed li")).to_have_count(1)
        await expect(page.locator(".vow")).to_have_count(1)
        await page.click("[data-open=complaint]")
        await shot("complaint")
        problems += await faults(page,"complaint dialog")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#conv-head .chip--warn")).to_have_count(1)
        await expect(page.locator("#complaint")).not_to_be_visible()
        await page.fill("#draft", "Buongiorno,")
        await page.wait_for_timeout(500)
        problems += await faults(page,"desk")
        await shot("desk")
        await page.click("[data-open=aside]")
        await shot("aside")
    assert problems==[]
