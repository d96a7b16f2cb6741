"""Signing in by the page: who gets in, what the answers tell, and where they lead."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.web.browsing import PASSWORD, Browser, Site

SECOND = timedelta(seconds=1)
WRONG = "un'altra frase lunga"


async def test_the_page_names_the_provider_and_no_brand(browser: Browser) -> None:
    page = await browser.get("/sign-in")
    assert page.status_code == 200
    assert "Voxa Servizi" in page.text
    assert "data-brand=" not in page.text
    assert "brands.css" not in page.text


async def test_the_right_password_opens_a_session_and_leads_on(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person("admin")
    answer = await browser.sign_in(anna.email)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    start = await browser.get("/")
    assert start.headers["location"] == "/admin"


async def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(
    the_site: Site, browser: Browser
) -> None:
    anna = await the_site.person("admin")
    answer = await browser.sign_in(anna.email)
    cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("portavoce="))
    flags = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= flags
    assert not any(flag.startswith("domain=") for flag in flags)


async def test_unknown_and_known_accounts_get_the_same_answer(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person("admin")
    known = await browser.sign_in(anna.email, WRONG)
    unknown = await browser.sign_in("nobody@voxa.example", WRONG)
    assert known.status_code == unknown.status_code == 422
    assert known.text.replace(anna.email, "…") == unknown.text.replace("nobody@voxa.example", "…")
    assert browser.session is None


async def test_a_password_is_never_sent_back(the_site: Site, browser: Browser) -> None:
    answer = await browser.sign_in("not an address", WRONG)
    assert WRONG not in answer.text


async def test_signing_in_never_keeps_the_session_that_was_there(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person("admin")
    await browser.get("/sign-in")
    await browser.sign_in(anna.email)
    first = browser.session
    async with the_site.browser() as other:
        other.client.cookies.set("portavoce", str(first))
        assert (await other.get("/preferences")).status_code == 200
    bruno = await the_site.person("admin", name="Bruno Sala")
    await browser.get("/preferences")
    await browser.post("/sign-in", {"email": bruno.email, "password": PASSWORD})
    assert browser.session not in (None, first)
    async with the_site.browser() as other:
        other.client.cookies.set("portavoce", str(first))
        assert (await other.get("/preferences")).status_code == 303


async def test_a_session_planted_by_an_attacker_is_worth_nothing_after_signing_in(
    the_site: Site, browser: Browser
) -> None:
    anna = await the_site.person("admin")
    browser.client.cookies.set("portavoce", "planted")
    await browser.sign_in(anna.email)
    assert [cookie.value for cookie in browser.client.cookies.jar if cookie.name == "portavoce"][
        -1
    ] != "planted"
    async with the_site.browser() as attacker:
        attacker.client.cookies.set("portavoce", "planted")
        assert (await attacker.get("/preferences")).status_code == 303


async def test_the_fifth_colleague_at_one_account_pushes_out_the_first(the_site: Site) -> None:
    anna = await the_site.person("admin")
    cookies = []
    for _ in range(6):
        async with the_site.browser() as one:
            await one.sign_in(anna.email)
            cookies.append(one.session)
            the_site.database.clock.advance(SECOND)  # type: ignore[attr-defined]  # -- a stepped clock
    answers = []
    for cookie in cookies:
        async with the_site.browser() as one:
            one.client.cookies.set("portavoce", str(cookie))
            answers.append((await one.get("/preferences")).status_code)
    assert answers == [303, 200, 200, 200, 200, 200]


async def test_fifty_guesses_at_once_are_ten_evaluated(
    the_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await the_site.person("admin")
    evaluated = []
    verify = the_site.app.state.passwords.verify

    async def counted(stored: str | None, password: str) -> bool:
        evaluated.append(password)
        return bool(await verify(stored, password))

    monkeypatch.setattr(the_site.app.state.passwords, "verify", counted)

    async def guess(number: int) -> int:
        async with the_site.browser(f"198.51.100.{number}") as one:
            return (await one.sign_in(anna.email, f"guess number {number}")).status_code

    answers = await asyncio.gather(*[guess(number) for number in range(50)])
    assert len(evaluated) == 10
    assert sorted(answers) == [422] * 10 + [429] * 40


async def test_a_used_up_account_is_told_when_to_come_back_and_opens_again_then(
    the_site: Site, browser: Browser
) -> None:
    anna = await the_site.person("admin")
    for _ in range(10):
        await browser.sign_in(anna.email, WRONG)
    refused = await browser.sign_in(anna.email)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 900
    the_site.database.clock.advance(SECOND * 901)  # type: ignore[attr-defined]  # -- a stepped clock
    assert (await browser.sign_in(anna.email)).status_code == 303


async def test_forged_forwarding_headers_do_not_give_new_attempts(the_site: Site, browser: Browser) -> None:
    statuses = []
    for number in range(61):
        await browser.get("/sign-in")
        forged = {"X-Forwarded-For": f"192.0.2.{number}", "X-Real-IP": f"192.0.2.{number}"}
        body = {"email": f"nobody{number}@voxa.example", "password": WRONG}
        statuses.append((await browser.post("/sign-in", body, headers=forged)).status_code)
    assert statuses == [422] * 60 + [429]


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example", "javascript:alert(1)",
     "/%0d%0aX:y", "/admin/../..//evil", "/admin//evil.example", "admin", "/\t/evil.example", ""],
)  # fmt: skip
async def test_no_link_sends_a_person_elsewhere_after_signing_in(
    the_site: Site, browser: Browser, wanted: str
) -> None:
    anna = await the_site.person("admin")
    answer = await browser.sign_in(anna.email, next=wanted)
    assert answer.headers["location"] == "/"


async def test_a_link_of_two_lines_is_no_field_of_a_form(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person("admin")
    answer = await browser.sign_in(anna.email, next="/admin\r\nX: y")
    assert (answer.status_code, browser.session) == (422, None)


async def test_who_was_sent_to_sign_in_comes_back_to_the_page_they_wanted(
    the_site: Site, browser: Browser
) -> None:
    anna = await the_site.person("admin")
    sent = await browser.get("/admin/people")
    assert sent.headers["location"] == "/sign-in?next=/admin/people"
    page = await browser.get(sent.headers["location"])
    assert 'name="next" value="/admin/people"' in page.text
    answer = await browser.post(
        "/sign-in", {"email": anna.email, "password": PASSWORD, "next": "/admin/people"}
    )
    assert answer.headers["location"] == "/admin/people"


async def test_a_form_of_nothing_tells_each_field(browser: Browser) -> None:
    answer = await browser.fill("/sign-in", {})
    assert answer.status_code == 422
    assert answer.text.count("Fill in this field.") == 2


async def test_signing_out_ends_the_session_on_the_server(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person("admin")
    await browser.sign_in(anna.email)
    cookie = browser.session
    await browser.get("/preferences")
    answer = await browser.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert browser.session is None
    async with the_site.browser() as thief:
        thief.client.cookies.set("portavoce", str(cookie))
        assert (await thief.get("/preferences")).status_code == 303
