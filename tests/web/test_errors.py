from __future__ import annotations

import logging
import re

import pytest
from litestar import Litestar, get, post
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.testing import TestClient

from portavoce.core.errors import Conflict, TooMany
from portavoce.web.errors import Rejected
from portavoce.web.templating import Templates
from tests.web.app import client

HTMX = {"HX-Request": "true", "Accept": "text/html"}
BROWSER = {"Accept": "text/html", "Accept-Language": "en"}


@get("/conflict")
async def conflict() -> None:
    raise Conflict("Loading")


@get("/bug")
async def bug() -> None:
    raise RuntimeError("customer Gina's secret")


@get("/refused")
async def refused() -> None:
    raise HTTPException(status_code=503, detail="down for a reason nobody may read")


@post("/form")
async def form() -> None:
    raise Rejected(422, html="<form id='same'></form>", headers={"HX-Reswap": "outerHTML"})


@get("/often")
async def often() -> None:
    raise TooMany("Loading", retry_after="7")


@get("/closed")
async def closed() -> None:
    raise NotAuthorizedException


@pytest.fixture
def browser(templates: Templates) -> TestClient[Litestar]:
    return client([conflict, bug, refused, form, often, closed], templates)


def test_htmx_gets_a_fragment_aimed_at_the_alerts(browser: TestClient[Litestar]) -> None:
    answer = browser.get("/conflict", headers=HTMX)
    assert answer.status_code == 409
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#alerts", "innerHTML")
    assert "<html" not in answer.text
    assert "Caricamento" in answer.text  # the domain's own message, translated


def test_a_browser_gets_a_page_in_its_language(browser: TestClient[Litestar]) -> None:
    answer = browser.get("/nowhere", headers=BROWSER)
    assert answer.status_code == 404
    assert '<html lang="en">' in answer.text
    assert "Nothing to see here" in answer.text


def test_a_rejected_form_is_the_answer_as_it_is(browser: TestClient[Litestar]) -> None:
    answer = browser.post("/form", headers=HTMX)
    assert (answer.status_code, answer.text) == (422, "<form id='same'></form>")
    assert answer.headers["HX-Reswap"] == "outerHTML"
    assert "HX-Retarget" not in answer.headers


@pytest.mark.parametrize(("path", "secret"), [("/bug", "Gina"), ("/refused", "reason")])
def test_a_bug_is_logged_and_shows_a_reference_only(
    browser: TestClient[Litestar], caplog: pytest.LogCaptureFixture, path: str, secret: str
) -> None:
    with caplog.at_level(logging.ERROR, logger="portavoce.web"):
        answer = browser.get(path, headers=BROWSER)
    assert answer.status_code == 500
    assert secret not in answer.text
    found = re.search(r"reference ([0-9a-f]{8})$", caplog.records[0].getMessage())
    assert found is not None
    assert found[1] in answer.text


def test_the_wrong_method_says_which_are_right(browser: TestClient[Litestar]) -> None:
    answer = browser.delete("/form")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_signed_out_browsers_are_led_to_sign_in_and_back(browser: TestClient[Litestar]) -> None:
    answer = browser.get("/closed", headers=BROWSER, follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/closed")


def test_who_had_a_session_is_told_that_it_ended(browser: TestClient[Litestar]) -> None:
    browser.cookies.set("portavoce", "over")
    answer = browser.get("/closed", headers=BROWSER, follow_redirects=False)
    assert answer.headers["Location"] == "/sign-in?next=/closed&ended=1"
    here = {**HTMX, "HX-Current-URL": "http://testserver/b/aurora?x=1"}
    assert browser.get("/closed", headers=here).headers["HX-Redirect"] == "/sign-in?next=/b/aurora&ended=1"


def test_who_tries_too_often_is_told_when_to_come_back(browser: TestClient[Litestar]) -> None:
    answer = browser.get("/often", headers=BROWSER)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")


def test_signed_out_htmx_leaves_the_page_and_streams_see_401(browser: TestClient[Litestar]) -> None:
    fragment = browser.get("/closed", headers=HTMX)
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (401, "/sign-in")
    assert browser.get("/closed", headers={"Accept": "text/event-stream"}).status_code == 401


def test_no_failure_is_ever_json(browser: TestClient[Litestar]) -> None:
    answers = [
        browser.get(path, headers={"Accept": "application/json"}) for path in ("/x", "/bug", "/conflict")
    ]
    assert {answer.headers["content-type"] for answer in answers} == {"text/html; charset=utf-8"}
