"""Somebody in front of a browser: what they see, and what the browser complains about or asks of strangers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from playwright.async_api import Browser, Locator, Page, Request, expect

PATIENCE = 20_000
EXPECTED = ("409", "422", "404", "401", "ERR_", "net::", "Failed to fetch", "network error")
"""A console says so when an answer was no success, or none came; tests that provoke one look at the page itself."""

expect.set_options(timeout=PATIENCE)


@asynccontextmanager
async def visit(
    browser: Browser,
    url: str,
    cookie: str = "",
    *,
    width: int = 1280,
    height: int = 900,
    **cookies: str,
) -> AsyncIterator[Page]:
    """A page of a fresh profile. A failing script, a broken policy or a request to a stranger raise at the end."""
    context = await browser.new_context(
        viewport={"width": width, "height": height}, locale="it-IT", base_url=url, accept_downloads=True
    )
    values = {"portavoce": cookie, **cookies} if cookie else cookies
    await context.add_cookies([{"name": name, "value": value, "url": url} for name, value in values.items()])
    complaints: list[str] = []

    def strangers(request: Request) -> None:
        if not request.url.startswith((f"{url}/", "data:", "blob:", "about:")):
            complaints.append(f"asked {urlsplit(request.url).netloc}")

    context.on("request", strangers)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on(
        "console",
        lambda said: (
            complaints.append(said.text)
            if said.type == "error" and not any(word in said.text for word in EXPECTED)
            else None
        ),
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    try:
        yield page
    finally:
        await context.close()
    assert not complaints, "\n".join(complaints)


async def fill(page: Page, **values: str) -> None:
    """The fields of a form by name: text, choice of a list, or one of several."""
    for name, value in values.items():
        field = page.locator(f"main [name='{name}']").first
        kind = await field.evaluate("field => field.tagName === 'SELECT' ? 'select' : field.type")
        if kind == "select":
            await field.select_option(label=value)
        elif kind in ("radio", "checkbox"):
            await page.locator(f"main [name='{name}'][value='{value}']").check()
        else:
            await field.fill(value)


async def send(page: Page) -> None:
    """The form's main button; leads to another page."""
    async with page.expect_navigation():
        await page.locator("main form:has(.btn--primary) .btn--primary").click()


def waiting(page: Page, name: str) -> Locator:
    """The item of the queue under which somebody waits."""
    return page.locator("#queue-waiting li").filter(has_text=name)


async def sideways(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    width: int = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return width
