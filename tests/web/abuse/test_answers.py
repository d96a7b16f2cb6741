"""SEC-71, SEC-72, SEC-26: what every answer carries, which methods and addresses are not there, which headers are not believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from portavoce.core.db import Database
from portavoce.core.paths import frontend_dir
from portavoce.web.routes import entries
from portavoce.web.security import MAIL_POLICY, PAGE_POLICY
from tests.web.abuse.conftest import STREAMS, House
from tests.web.browsing import Browser, Site, site
from tests.web.routes_page import unconnected_app

ROUTES = [each for each in entries(unconnected_app()) if each.path not in STREAMS]
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
KEPT = ("/static", "/brands.css", "/open/service")


def weaknesses(answer: httpx.Response) -> Iterator[str]:
    """What an answer lacks."""
    yield from (name for name, value in ALWAYS.items() if answer.headers.get(name) != value)
    if "geolocation=()" not in answer.headers.get("permissions-policy", ""):
        yield "permissions-policy"
    policy = answer.headers.get("content-security-policy", "")
    directives = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}
    for name in ("default-src", "frame-ancestors"):
        if name not in directives:
            yield name
    if "'unsafe-inline'" in directives.get("script-src", directives.get("default-src", [])):
        yield "inline scripts"
    if "'unsafe-inline'" in directives.get("style-src", []) and "sandbox" not in directives:
        yield "inline styles"
    if not answer.request.url.path.startswith(KEPT) and "no-store" not in answer.headers.get(
        "cache-control", ""
    ):
        yield "no-store"
    yield from (
        name for name in answer.headers if name in ("server", "x-powered-by", "access-control-allow-origin")
    )


async def test_every_answer_of_every_route_carries_what_protects(house: House) -> None:
    found = {}
    for entry in ROUTES:
        for method in {entry.method, "OPTIONS"}:
            answer = await house.who(entry).client.request(
                method, house.url(entry), headers=house.elena.headers
            )
            found[entry.path, method, answer.status_code] = list(weaknesses(answer))
    assert {where: lacks for where, lacks in found.items() if lacks} == {}
    assert {status for _, _, status in found} >= {200, 204, 303, 403}


async def test_failures_carry_it_too(
    the_site: Site, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await browser.get("/sign-in")
    answers = [
        await browser.get("/nowhere"),
        await browser.get("/desk"),
        await browser.get("/sign-in", headers={"Host": "evil.example"}),
        await browser.client.request("PATCH", "/sign-in"),
        await browser.post("/sign-in", {"email": "x" * 3_000_000}),
        await browser.post("/sign-in", {"email": ""}),
        await browser.client.post("/sign-in", content=b"{}", headers={"X-CSRF-Token": browser.token}),
        *[await browser.post("/sign-in", {"email": "nobody@x.example", "password": "x"}) for _ in range(11)],
    ]
    monkeypatch.setattr(the_site.app.state, "house", None)
    answers.append(await browser.get("/sign-in"))
    assert {answer.status_code for answer in answers} >= {303, 400, 404, 405, 413, 415, 422, 429, 500}
    assert [(answer.status_code, lacks) for answer in answers if (lacks := list(weaknesses(answer)))] == []


async def test_over_https_every_answer_says_to_stay(
    make_database: Callable[..., Database], tmp_path: Path
) -> None:
    public = site(make_database(), tmp_path, public_url="https://testserver.local")
    async with public.browser() as one:
        for entry in [*ROUTES, None]:
            path = "/nowhere" if entry is None else entry.path.replace("{", "").replace("}", "")
            answer = await one.client.request(
                entry.method if entry else "GET", f"https://testserver.local{path}"
            )
            assert answer.headers["strict-transport-security"].startswith("max-age=31536000"), path


def test_our_policies_allow_no_script_from_anywhere_else() -> None:
    assert "script-src 'self';" in PAGE_POLICY
    assert "script-src" not in MAIL_POLICY
    assert "allow-scripts" not in MAIL_POLICY
    assert "default-src 'none'" in PAGE_POLICY


NOT_SERVED = ["/schema", "/schema/swagger", "/openapi.json", "/metrics", "/debug", "/docs", "/.git/config", "/.env",
              "/server-status", "/actuator", "/static/x/../app.py", "/static/x/..%2f..%2fpyproject.toml",
              "/static/x/.gitignore", "/static/x/js/app.js.map", "/static/x/vendor/htmx.min.js.map", "/health",
              "/admin/b//addresses"]  # fmt: skip


async def test_what_we_do_not_serve_is_not_there(browser: Browser) -> None:
    answers = {path: (await browser.get(path)).status_code for path in NOT_SERVED}
    assert set(answers.values()) == {404}, answers


async def test_no_route_answers_to_methods_it_does_not_have(house: House) -> None:
    known: dict[str, set[str]] = {}
    for entry in entries(house.site.app):
        known.setdefault(entry.path, set()).add(entry.method)
    for entry in entries(house.site.app):
        for method in {"TRACE", "TRACK", "CONNECT", "PROPFIND", "PATCH"} - known[entry.path]:
            answer = await house.who(entry).client.request(method, house.url(entry))
            assert answer.status_code in (404, 405), (method, entry)
            assert "TRACE" not in answer.text


def test_scripts_come_without_their_sources() -> None:
    scripts = list((frontend_dir() / "static").rglob("*.js"))
    assert scripts != []
    assert not [path for path in scripts if "sourceMappingURL" in path.read_text()]
    assert not list((frontend_dir() / "static").rglob("*.map"))


def test_nothing_is_debugged_and_nothing_is_described(the_site: Site) -> None:
    assert the_site.app.debug is False
    assert the_site.app.openapi_config is None


async def test_nobody_is_there_before_somebody_was_made(browser: Browser) -> None:
    for name in ("admin", "admin@voxa.example", "root", "portavoce"):
        assert (await browser.sign_in(name, "portavoce-demo")).status_code == 422


async def test_headers_make_nobody_somebody_else(house: House) -> None:
    """SEC-26: whatever a proxy elsewhere may set, here it is words."""
    forged = {
        "X-Remote-User": "elena@voxa.example",
        "Remote-User": "elena@voxa.example",
        "X-Forwarded-User": "elena@voxa.example",
        "User": '{"id": 1}',
        "X-User-Id": str(house.world.elena),
        "X-Brand": house.world.bosco.slug,
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Original-URL": "/admin",
        "X-Rewrite-URL": "/admin",
        "X-HTTP-Method-Override": "POST",
    }
    assert (await house.vito.get("/admin", headers=forged)).status_code == 303
    assert (await house.anna.get("/admin/people", headers=forged)).status_code == 404
    bosco = f"/portal/{house.world.bosco.slug}"
    assert (await house.carla.get(bosco, headers=forged)).status_code == 404
    own = await house.carla.get(f"/portal/{house.world.aurora.slug}", headers=forged)
    assert own.status_code in (200, 303)
    assert "evil.example" not in own.text + str(own.headers)
