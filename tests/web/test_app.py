"""The application as a whole: headers on every answer, hosts, failures, and what nobody may reach."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from portavoce.core.db import Database
from portavoce.web.routes import entries
from tests.web.browsing import Browser, Site, site
from tests.web.test_csrf import path_of

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


async def test_every_answer_carries_the_headers_that_protect(the_site: Site, browser: Browser) -> None:
    elena = await the_site.person("admin")
    await browser.sign_in(elena.email)
    for entry in entries(the_site.app):
        if entry.path == "/desk/stream":
            continue
        answer = await browser.client.request(entry.method, path_of(entry), headers=browser.headers)
        sent = {name: answer.headers.get(name) for name in ALWAYS}
        assert sent == ALWAYS, entry
        assert "script-src 'self'" in answer.headers["content-security-policy"], entry
        assert (
            "unsafe-inline'" not in answer.headers["content-security-policy"].partition("style-src-attr")[0]
        )
        if not entry.path.startswith("/static") and entry.path != "/brands.css":
            assert "no-store" in answer.headers["cache-control"], entry


@pytest.mark.parametrize(
    "path", ["/schema", "/schema/openapi.json", "/metrics", "/.git/config", "/docs", "/static/x/../app.py"]
)
async def test_nothing_that_we_do_not_serve_is_there(browser: Browser, path: str) -> None:
    assert (await browser.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("testserver.local", 200),
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("evil.example", 400),
        ("testserverxlocal", 400),
        ("testserver.local.evil.example", 400),
        ("good@evil.example", 400),
        ("testserver.local:81", 400),
    ],
)
async def test_only_our_own_hosts_are_answered(browser: Browser, host: str, status: int) -> None:
    answer = await browser.get("/sign-in", headers={"Host": host, "X-Forwarded-Host": "testserver.local"})
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_health_is_answered_under_any_name(browser: Browser) -> None:
    assert (await browser.get("/health/live", headers={"Host": "10.0.0.7:8000"})).status_code == 200


async def test_over_https_cookies_are_bound_to_the_host_and_the_browser_told_to_stay(
    make_database: Callable[..., Database], tmp_path: Path
) -> None:
    public = site(make_database(), tmp_path, public_url="https://testserver.local")
    async with public.browser() as one:
        page = await one.get("https://testserver.local/sign-in")
        cookie = page.headers["set-cookie"]
    assert cookie.startswith("__Host-portavoce-visitor=")
    assert "; secure" in cookie.lower()
    assert "domain=" not in cookie.lower()
    assert page.headers["strict-transport-security"].startswith("max-age=31536000")


async def test_a_method_that_is_not_there_is_refused(browser: Browser) -> None:
    for method in ("TRACE", "DELETE", "PATCH"):
        answer = await browser.client.request(method, "/sign-in")
        assert answer.status_code in (404, 405)


async def test_a_body_beyond_the_limit_is_refused(browser: Browser) -> None:
    await browser.get("/sign-in")
    answer = await browser.post("/sign-in", {"email": "x" * 3_000_000, "password": "x"})
    assert answer.status_code == 413


@pytest.mark.parametrize("body", [b"\xff\xfe%%%", b"_csrf", b"=&=&=", b"a=" + b"%00" * 50])
async def test_a_body_that_makes_no_sense_is_a_clear_refusal(browser: Browser, body: bytes) -> None:
    await browser.get("/sign-in")
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await browser.client.post("/sign-in", content=body, headers=kind)
    assert answer.status_code == 403


async def test_a_hidden_nul_is_a_mistake_of_the_field(browser: Browser) -> None:
    answer = await browser.fill("/sign-in", {"email": "a\0b@voxa.example", "password": "x"})
    assert answer.status_code == 422
    assert "Remove the invisible character" in answer.text


async def test_a_bug_shows_a_reference_and_nothing_else(
    the_site: Site, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(the_site.app.state, "house", None)
    answer = await browser.get("/sign-in")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "NoneType" not in answer.text
