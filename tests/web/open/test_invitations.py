"""The link of an invitation: good once, for three days, for whom it was sent to."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from portavoce.core.scope import HOUSE
from portavoce.identity.inviting import invite
from portavoce.identity.models import Person
from tests.web.browsing import PASSWORD, Browser, Site, link_in


async def invited(the_site: Site) -> tuple[Person, str]:
    anna, elena = await the_site.person(password=None), await the_site.person("admin")
    async with the_site.database.begin(HOUSE) as db:
        await invite(db, the_site.app.state.house, anna.id, by=elena.id)
    return anna, link_in((await the_site.mails_to(anna.email))[-1])


async def test_an_invited_person_chooses_a_password_and_is_in(the_site: Site, browser: Browser) -> None:
    anna, link = await invited(the_site)
    page = await browser.get(link)
    assert anna.email in page.text
    answer = await browser.post(link, {"password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await browser.get("/preferences")).status_code == 200
    async with the_site.browser() as later:
        assert (await later.sign_in(anna.email)).status_code == 303


async def test_looking_does_not_use_the_link_up(the_site: Site, browser: Browser) -> None:
    _, link = await invited(the_site)
    assert [(await browser.get(link)).status_code for _ in range(3)] == [200, 200, 200]


async def test_of_ten_at_once_one_uses_the_link(the_site: Site) -> None:
    _, link = await invited(the_site)

    async def accept() -> int:
        async with the_site.browser() as one:
            return (await one.fill(link, {"password": PASSWORD})).status_code

    answers = await asyncio.gather(*[accept() for _ in range(10)])
    assert sorted(answers) == [303] + [404] * 9


async def test_a_used_link_is_not_found(the_site: Site, browser: Browser) -> None:
    _, link = await invited(the_site)
    await browser.fill(link, {"password": PASSWORD})
    async with the_site.browser() as other:
        page = await other.get(link)
        assert page.status_code == 404
        assert "This link has been used or is too old." in page.text


async def test_after_three_days_the_link_is_not_found(the_site: Site, browser: Browser) -> None:
    _, link = await invited(the_site)
    the_site.database.clock.advance(timedelta(hours=72))  # type: ignore[attr-defined]  # -- a stepped clock
    assert (await browser.get(link)).status_code == 404


@pytest.mark.parametrize(
    "token", ["%20", "%00", "x", "NULL", "0" * 64, "..%2f..", "%F0%9F%98%80", "a" * 5000]
)
async def test_what_is_no_link_is_not_found(the_site: Site, browser: Browser, token: str) -> None:
    await browser.get("/sign-in")
    assert (await browser.get(f"/invitation/{token}")).status_code == 404
    assert (await browser.post(f"/invitation/{token}", {"password": PASSWORD})).status_code == 404


async def test_a_reset_link_is_no_invitation(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person("admin")
    await browser.fill("/password-reset", {"email": anna.email})
    link = link_in((await the_site.mails_to(anna.email))[-1])
    assert (await browser.get(link.replace("password-reset", "invitation"))).status_code == 404


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("corta", "Write at least 12 characters."),
        ("Password2026!!", "This password is easy to guess."),
        ("", "Fill in this field."),
        ("a" * 300, "Write 256 characters at most."),
    ],
)
async def test_a_weak_password_is_refused_and_the_link_stays_good(
    the_site: Site, browser: Browser, password: str, message: str
) -> None:
    _, link = await invited(the_site)
    answer = await browser.fill(link, {"password": password})
    assert answer.status_code == 422
    assert message in answer.text
    assert (await browser.post(link, {"password": PASSWORD})).status_code == 303


async def test_a_person_disabled_meanwhile_has_no_link(the_site: Site, browser: Browser) -> None:
    anna, link = await invited(the_site)
    async with the_site.database.begin(HOUSE) as db:
        (await db.get_one(Person, anna.id)).disabled_at = the_site.database.clock.now()
    assert (await browser.get(link)).status_code == 404
