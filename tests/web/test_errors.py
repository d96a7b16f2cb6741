from __future__ import annotations

import psycopg
import pytest
from litestar import Litestar, get, post
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.testing import TestClient
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from structlog.testing import capture_logs

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


@get("/away")
async def away() -> None:
    raise OperationalError("SELECT 'Gina'", {}, psycopg.errors.AdminShutdown("Gina's secret"))


@get("/full")
async def full() -> None:
    raise NoConnectionFree("QueuePool limit")


@get("/wrong")
async def wrong() -> None:
    raise ProgrammingError("SELECT", {}, psycopg.errors.UndefinedTable())


@pytest.fixture
def browser(templates: Templates) -> TestClient[Litestar]:
    return client([conflict, bug, refused, form, often, closed, away, full, wrong], templates)


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
    browser: TestClient[Litestar], path: str, secret: str
) -> None:
    with capture_logs() as lines:
        answer = browser.get(path, headers=BROWSER)
    assert answer.status_code == 500
    assert secret not in answer.text
    assert "unhandled" in [line["event"] for line in lines]
    assert answer.headers["X-Request-ID"] in answer.text


@pytest.mark.parametrize("path", ["/away", "/full"])
def test_a_database_that_is_away_is_503_and_says_when_to_come_back(
    browser: TestClient[Litestar], path: str
) -> None:
    with capture_logs() as lines:
        page, fragment = browser.get(path, headers=BROWSER), browser.get(path, headers=HTMX)
    for answer in (page, fragment):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "try again in a few seconds" in page.text
    assert fragment.headers["HX-Retarget"] == "#alerts", "the form and its text stay"
    told = [line for line in lines if line["log_level"] != "info"]
    assert {line["event"] for line in told} == {"the database is away"}
    assert "Gina" not in str(lines) + page.text


def test_a_wrong_statement_is_a_bug_all_the_same(browser: TestClient[Litestar]) -> None:
    assert browser.get("/wrong", headers=BROWSER).status_code == 500


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
