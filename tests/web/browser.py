"""A real Chromium for journeys; what it complains about on the console fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from portavoce.core.paths import frontend_dir

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
AXE = frontend_dir() / "node_modules" / "axe-core" / "axe.min.js"


def chromium_path() -> str:
    found = (
        os.environ.get("PORTAVOCE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    assert found, "Chromium is missing: run infra/dev/system.sh"
    return found


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS.split())
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def signed_in(
    browser: Browser, url: str, cookie: str, *, width: int = 1280, height: int = 800, **cookies: str
) -> AsyncIterator[Page]:
    """A page with the session's cookie; scripts that fail or a policy that is broken raise at the end."""
    context: BrowserContext = await browser.new_context(
        viewport={"width": width, "height": height}, locale="it-IT"
    )
    values = {"portavoce": cookie, **cookies}
    await context.add_cookies([{"name": name, "value": value, "url": url} for name, value in values.items()])
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if "Content Security" in message.text else None,
    )
    try:
        yield page
    finally:
        await context.close()
    assert complaints == []


async def axe(page: Page) -> list[str]:
    """The rules a page breaks, each with the first element that does."""
    await page.evaluate(AXE.read_text())
    result: dict[str, Any] = await page.evaluate("axe.run()")
    return [f"{broken['id']}: {broken['nodes'][0]['html'][:200]}" for broken in result["violations"]]
