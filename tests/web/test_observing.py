"""Every request has a name that header, log and page share; its line and its numbers say no more than they may."""

from __future__ import annotations

from typing import Any
from urllib.request import urlopen

import pytest
import structlog
from litestar import Litestar, get
from litestar.params import FromPath
from litestar.testing import TestClient
from structlog.testing import capture_logs

from portavoce.core.metrics import REGISTRY
from portavoce.web import observing
from portavoce.web.observing import numbers
from portavoce.web.templating import Templates
from tests.ports import free_ports
from tests.web.admin.conftest import Added, add
from tests.web.app import client
from tests.web.browsing import Browser, Site


@get("/letters/{token:str}")
async def letter(token: FromPath[str]) -> None:
    return None


@pytest.fixture
def plain(templates: Templates) -> TestClient[Litestar]:
    return client([letter], templates)


def requests(lines: list[Any]) -> list[tuple[str, int]]:
    return [(line["route"], line["status"]) for line in lines if line["event"] == "request"]


def counted(**labels: str) -> float:
    return REGISTRY.get_sample_value("portavoce_request_seconds_count", labels) or 0


def test_each_answer_has_a_name_of_its_own_an_unknown_path_too(plain: TestClient[Litestar]) -> None:
    paths = ("/letters/a", "/letters/a", "/nowhere")
    names = [plain.get(path, headers={"X-Request-ID": "mine"}).headers["X-Request-ID"] for path in paths]
    assert len(set(names)) == 3
    assert "mine" not in names


def test_the_line_names_the_route_as_declared_and_never_the_path_that_was_asked(
    plain: TestClient[Litestar], monkeypatch: pytest.MonkeyPatch
) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("debug"))
    monkeypatch.setattr(
        observing, "LOG", structlog.get_logger()
    )  # the first use fixes where a logger writes to
    with capture_logs() as lines:
        plain.get("/letters/one-time-secret?x=secret")
        plain.get("/nowhere/secret")
    assert requests(lines) == [("/letters/{token}", 200), ("none", 404)]
    assert "secret" not in str(lines)


def test_requests_are_counted_by_surface_method_and_class(plain: TestClient[Litestar]) -> None:
    before = counted(surface="none", method="GET", status="4xx")
    for path in ("/nowhere/1", "/nowhere/2"):
        plain.get(path)
    assert counted(surface="none", method="GET", status="4xx") == before + 2


async def test_a_denial_is_counted_and_the_public_port_has_no_page_of_numbers(
    the_site: Site, browser_of_sara: Browser
) -> None:
    def denied() -> float:
        return REGISTRY.get_sample_value("portavoce_denials_total", {"reason": "not granted"}) or 0

    before = denied()
    assert (await browser_of_sara.get("/admin/b/nowhere/limits")).status_code == 404
    assert denied() == before + 1
    assert (await browser_of_sara.get("/metrics")).status_code == 404


@pytest.fixture
async def browser_of_sara(the_site: Site) -> Any:
    elena = await the_site.person("admin")
    aurora: Added = await add(the_site, "Aurora", elena.id)
    person = await the_site.person("admin", brand=aurora.id)
    async with the_site.browser() as one:
        await one.sign_in(person.email)
        yield one


async def test_the_application_shows_its_numbers_on_a_private_port_while_it_lives(the_site: Site) -> None:
    base = free_ports(3)
    the_site.app.state.settings = type(the_site.settings)(home=the_site.settings.home, metrics_port=base)
    async with numbers(the_site.app):
        with urlopen(f"http://127.0.0.1:{base + 2}/metrics") as answer:
            assert b"portavoce_request_seconds" in answer.read()
    with pytest.raises(OSError, match="refused"):
        urlopen(f"http://127.0.0.1:{base + 2}/metrics")
