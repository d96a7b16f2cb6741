"""Every route that may change something, asked with every wrong token: 403, and nothing changed."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from portavoce.web.routes import Entry, entries
from tests.depth import in_turn
from tests.versions import versions
from tests.web.browsing import BASE, Browser, Site
from tests.web.routes_page import unconnected_app

UNSAFE = [each for each in entries(unconnected_app()) if each.method != "GET"]
SAMPLES = {"brand": "aurora", "token": "x" * 43}
NO_ID = "00000000-0000-7000-8000-000000000000"


def path_of(entry: Entry) -> str:
    parts = [
        SAMPLES.get(part[1:-1], NO_ID) if part.startswith("{") else part for part in entry.path.split("/")
    ]
    return "/".join(parts)


async def ask(one: Browser, entry: Entry, data: dict[str, str], headers: dict[str, str]) -> int:
    answer = await one.client.request(
        entry.method, path_of(entry), data=data, headers={**one.headers, **headers}
    )
    return answer.status_code


async def test_no_change_without_the_token_of_this_session(
    the_site: Site, browser: Browser, superuser: psycopg.Connection[Any]
) -> None:
    elena = await the_site.person("admin")
    async with the_site.browser() as other:
        await other.sign_in(elena.email)
        await other.get("/preferences")
        foreign = other.token
    await browser.sign_in(elena.email)
    await browser.get("/preferences")
    mine, before = browser.token, versions(superuser, but={"denial"})
    forged: list[tuple[dict[str, str], dict[str, str]]] = [
        ({}, {}),
        ({"_csrf": ""}, {}),
        ({"_csrf": foreign}, {}),
        ({"_csrf": mine[:-1]}, {}),
        ({"_csrf": "è" * 64}, {}),
        ({"_csrf": mine}, {"Origin": "https://evil.example"}),
        ({"_csrf": mine}, {"Origin": "null"}),
        ({"_csrf": mine}, {"Sec-Fetch-Site": "cross-site"}),
        ({"_csrf": mine}, {"Sec-Fetch-Site": "same-site"}),
        ({"_csrf": mine}, {"Content-Type": "text/plain"}),
        ({"_csrf": mine}, {"X-CSRF-Token": foreign}),
    ]
    let_through = [
        (entry.method, entry.path, data, headers)
        for turn, entry in enumerate(UNSAFE)
        for data, headers in in_turn(forged, turn, 3)
        if await ask(browser, entry, data, headers) != 403
    ]
    assert let_through == []
    assert versions(superuser, but={"denial"}) == before


@pytest.mark.parametrize("entry", UNSAFE, ids=lambda entry: f"{entry.method} {entry.path}")
async def test_without_a_session_closed_routes_say_401_and_open_ones_403(
    browser: Browser, entry: Entry
) -> None:
    assert await ask(browser, entry, {}, {}) == (403 if entry.who == "everybody" else 401)


async def test_the_token_lets_through_by_field_and_by_header(the_site: Site, browser: Browser) -> None:
    elena = await the_site.person("admin")
    await browser.sign_in(elena.email)
    await browser.get("/preferences")
    form = {"language": "en"}
    header = {"X-CSRF-Token": browser.token, "Origin": BASE, "Sec-Fetch-Site": "same-origin"}
    by_header = await browser.client.post("/preferences", data=form, headers=header)
    by_field = await browser.post("/preferences", form)
    assert (by_header.status_code, by_field.status_code) == (303, 303)


async def test_the_token_changes_with_the_session(the_site: Site, browser: Browser) -> None:
    elena = await the_site.person("admin")
    await browser.get("/sign-in")
    tokens = {browser.token}
    for _ in range(2):
        browser.client.cookies.clear()
        await browser.sign_in(elena.email)
        await browser.get("/preferences")
        tokens.add(browser.token)
    assert len(tokens) == 3


async def test_a_visitor_cannot_sign_in_with_the_token_of_another_visitor(
    the_site: Site, browser: Browser
) -> None:
    async with the_site.browser() as attacker:
        await attacker.get("/sign-in")
        await browser.get("/sign-in")
        answer = await browser.post(
            "/sign-in", {"_csrf": attacker.token, "email": "x@y.example", "password": "x"}
        )
    assert answer.status_code == 403


async def test_a_refused_form_says_what_to_do(browser: Browser) -> None:
    answer = await browser.client.post("/sign-in", data={}, headers={"Accept-Language": "en"})
    assert "Reload the page and try again." in answer.text
