"""A forgotten password: an answer that tells nothing, a link that works once, and the end of every session."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from tests.web.browsing import Browser, Site, link_in

NEW = "tutt'altra frase, più lunga"


async def test_known_and_unknown_addresses_get_the_same_answer(the_site: Site) -> None:
    anna = await the_site.person("admin")
    seen = []
    for email in (anna.email, f"nobody.{uuid4()}@voxa.example", f"no address {uuid4()}"):
        async with the_site.browser() as one:
            answer = await one.fill("/password-reset", {"email": email})
            page = await one.get(answer.headers["location"])
            seen.append(
                (
                    answer.status_code,
                    answer.headers["location"],
                    page.status_code,
                    page.text.replace(one.token, ""),
                )
            )
    assert seen[0] == seen[1] == seen[2]
    assert len(await the_site.mails_to(anna.email)) == 1
    assert await the_site.mails_to("nobody@voxa.example") == []


async def test_a_new_password_ends_every_session_and_is_announced(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person("admin")
    async with the_site.browser() as thief:
        await thief.sign_in(anna.email)
        await browser.fill("/password-reset", {"email": anna.email})
        link = link_in((await the_site.mails_to(anna.email))[-1])
        answer = await browser.fill(link, {"password": NEW})
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?reset=1")
        assert (await thief.get("/preferences")).status_code == 303
    assert (await browser.sign_in(anna.email)).status_code == 422
    assert (await browser.sign_in(anna.email, NEW)).status_code == 303
    assert "password was changed" in (await the_site.mails_to(anna.email))[-1].subject


async def test_a_link_works_once_and_for_an_hour(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person("admin")
    for wait, used in ((timedelta(0), True), (timedelta(hours=1), False)):
        await browser.fill("/password-reset", {"email": anna.email})
        link = link_in((await the_site.mails_to(anna.email))[-1])
        the_site.database.clock.advance(wait)  # type: ignore[attr-defined]  # -- a stepped clock
        assert (await browser.get(link)).status_code == (200 if used else 404)
        assert (await browser.post(link, {"password": NEW})).status_code == (303 if used else 404)
        assert (await browser.post(link, {"password": NEW})).status_code == 404


async def test_only_the_newest_link_works(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person("admin")
    for _ in range(2):
        await browser.fill("/password-reset", {"email": anna.email})
    first, second = [link_in(mail) for mail in await the_site.mails_to(anna.email)]
    assert (await browser.get(first)).status_code == 404
    assert (await browser.get(second)).status_code == 200


async def test_links_are_made_with_our_own_host_whatever_the_request_says(
    the_site: Site, browser: Browser
) -> None:
    anna = await the_site.person("admin")
    await browser.get("/password-reset")
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    await browser.post("/password-reset", {"email": anna.email}, headers=forged)
    (mail,) = await the_site.mails_to(anna.email)
    assert "evil.example" not in mail.body
    assert "http://testserver.local/password-reset/" in mail.body


async def test_a_mailbox_is_not_flooded(the_site: Site) -> None:
    anna = await the_site.person("admin")
    statuses = []
    for _ in range(5):
        async with the_site.browser() as one:
            statuses.append((await one.fill("/password-reset", {"email": anna.email})).status_code)
    assert statuses == [303, 303, 303, 429, 429]
    assert len(await the_site.mails_to(anna.email)) == 3


async def test_an_empty_form_and_a_weak_password_say_so(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person("admin")
    assert (await browser.fill("/password-reset", {})).status_code == 422
    await browser.fill("/password-reset", {"email": anna.email})
    link = link_in((await the_site.mails_to(anna.email))[-1])
    assert (await browser.fill(link, {})).status_code == 422
    assert (await browser.fill(link, {"password": "corta"})).status_code == 422
    assert (await browser.sign_in(anna.email)).status_code == 303
