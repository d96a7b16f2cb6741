from __future__ import annotations

import pytest
from litestar import Response, get

from portavoce.web.security import (
    MAIL_POLICY,
    PAGE_POLICY,
    check_csrf,
    comes_from_us,
    csrf_token,
)
from portavoce.web.templating import Templates
from tests.web.app import client

SECRET = b"k" * 32


@get("/page", media_type="text/html")
async def page() -> str:
    return "<p>page</p>"


@get("/mail", media_type="text/html")
async def mail() -> Response[str]:
    return Response("<p>mail</p>", headers={"Content-Security-Policy": MAIL_POLICY})


def test_pages_allow_no_foreign_or_inline_script_and_no_frame(templates: Templates) -> None:
    with client([page], templates) as browser:
        headers = browser.get("/page").headers
    assert headers["Content-Security-Policy"] == PAGE_POLICY
    assert "script-src 'self';" in PAGE_POLICY
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" not in headers


def test_errors_carry_the_same_headers(templates: Templates) -> None:
    with client([page], templates) as browser:
        headers = browser.get("/nowhere").headers
    assert headers["Content-Security-Policy"] == PAGE_POLICY
    assert headers["Referrer-Policy"] == "same-origin"


def test_https_is_remembered(templates: Templates) -> None:
    with client([page], templates, https=True) as browser:
        assert "max-age=31536000" in browser.get("/page").headers["Strict-Transport-Security"]


def test_the_mail_frame_brings_its_own_policy_and_may_be_framed_by_us(templates: Templates) -> None:
    with client([mail], templates) as browser:
        headers = browser.get("/mail").headers
    assert headers.get_list("Content-Security-Policy") == [MAIL_POLICY]
    assert "X-Frame-Options" not in headers
    assert MAIL_POLICY.startswith("sandbox ")
    assert "allow-scripts" not in MAIL_POLICY
    assert "allow-same-origin" not in MAIL_POLICY


def test_a_token_belongs_to_one_session_and_one_secret() -> None:
    token = csrf_token(SECRET, "session-1")
    assert check_csrf(SECRET, "session-1", token)
    assert not check_csrf(SECRET, "session-2", token)
    assert not check_csrf(b"other", "session-1", token)


@pytest.mark.parametrize("sent", ["", "x", "é" * 64, "0" * 64])
def test_anything_else_is_no_token(sent: str) -> None:
    assert not check_csrf(SECRET, "session-1", sent)


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin", "origin": "http://desk.example:8000"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "http://desk.example:8000@evil.example"}, False),
        ({"origin": "null"}, False),
    ],
)
def test_requests_started_by_another_site_are_seen(headers: dict[str, str], ours: bool) -> None:
    assert comes_from_us(headers, "desk.example:8000") is ours
