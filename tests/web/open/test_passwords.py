"""The page on which a person changes their own password."""

from __future__ import annotations

import pytest

from tests.web.browsing import PASSWORD, Browser, Site

NEW = "tutt'altra frase, più lunga"
HERE = "/preferences/password"


async def test_the_new_password_opens_and_everybody_else_is_out(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person("admin")
    await browser.sign_in(anna.email)
    first = browser.session
    async with the_site.browser() as thief:
        await thief.sign_in(anna.email)
        answer = await browser.fill(HERE, {"current": PASSWORD, "new": NEW})
        assert (answer.status_code, answer.headers["location"]) == (303, "/preferences?password=1")
        assert (await thief.get("/preferences")).status_code == 303
        thief.client.cookies.clear()
        thief.client.cookies.set("portavoce", str(first), domain="testserver.local")
        assert (await thief.get("/preferences")).status_code == 303
    assert browser.session not in (None, first)
    assert "Your password was changed." in (await browser.get(answer.headers["location"])).text
    assert "password was changed" in (await the_site.mails_to(anna.email))[-1].subject
    async with the_site.browser() as later:
        assert (await later.sign_in(anna.email)).status_code == 422
        assert (await later.sign_in(anna.email, NEW)).status_code == 303


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"current": "non è questa frase", "new": NEW}, "This is not your present password."),
        ({"current": PASSWORD, "new": "corta"}, "Write at least 12 characters."),
        ({"current": PASSWORD, "new": ""}, "Fill in this field."),
        ({"new": NEW}, "Fill in this field."),
    ],
)
async def test_a_mistake_changes_nothing_and_is_told(
    the_site: Site, browser: Browser, form: dict[str, str], message: str
) -> None:
    anna = await the_site.person("admin")
    await browser.sign_in(anna.email)
    answer = await browser.fill(HERE, form)
    assert answer.status_code == 422
    assert message in answer.text
    assert NEW not in answer.text
    assert (await browser.get("/preferences")).status_code == 200
    assert await the_site.mails_to(anna.email) == []
    async with the_site.browser() as later:
        assert (await later.sign_in(anna.email)).status_code == 303


async def test_a_stolen_session_cannot_guess_for_ever(the_site: Site, browser: Browser) -> None:
    anna = await the_site.person("admin")
    await browser.sign_in(anna.email)
    answers = [await browser.fill(HERE, {"current": f"prova numero {n}", "new": NEW}) for n in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_a_visitor_is_led_to_sign_in(browser: Browser) -> None:
    assert (await browser.get(HERE)).headers["location"] == f"/sign-in?next={HERE}"
