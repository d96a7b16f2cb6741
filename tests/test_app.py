"""What the assembly promises: closed by default, one guard against forged requests, nothing served unasked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from portavoce.app import MAX_BODY, production_app
from portavoce.core.connections import NoDatabase
from portavoce.web.access import signed_in
from portavoce.web.admin.customer_imports import LARGEST_BODY
from portavoce.web.api.bearing import provide_bearer
from portavoce.web.csrf import OPEN, require_csrf
from tests.web.routes_page import another_app


def handlers() -> Iterator[HTTPRouteHandler]:
    for route in another_app().routes:
        if isinstance(route, HTTPRoute):
            yield from (each for each in route.route_handlers if each.http_methods != {"OPTIONS"})


def test_what_is_not_open_needs_a_live_session() -> None:
    open_ones = {str(each.fn.__module__) for each in handlers() if signed_in not in each.resolve_guards()}
    bearers = {"portavoce.web.api.feeds", "portavoce.web.api.intervals", "portavoce.web.api.months"}
    assert open_ones - bearers == {
        "portavoce.web.health",
        "portavoce.web.open.invitations",
        "portavoce.web.open.password_resets",
        "portavoce.web.open.service",
        "portavoce.web.open.sign_in",
        "portavoce.web.open.start",
        "portavoce.web.static",
    }


def test_what_programs_ask_for_needs_a_token_instead() -> None:
    asked = [each for each in handlers() if ".web.api." in str(each.fn.__module__)]
    assert len(asked) >= 4
    assert {each.resolve_dependencies()["granted"].dependency for each in asked} == {provide_bearer}


def test_only_open_routes_take_a_visitors_token() -> None:
    assert not [each for each in handlers() if each.opt.get(OPEN) and signed_in in each.resolve_guards()]


def test_every_route_is_guarded_against_forged_requests_first() -> None:
    assert {each.resolve_guards()[0] for each in handlers()} == {require_csrf}


def test_no_route_takes_more_than_the_limit_but_the_one_for_files() -> None:
    larger = [each for each in handlers() if each.resolve_request_max_body_size() != MAX_BODY]
    assert [(each.resolve_request_max_body_size(), str(each.fn.__module__)) for each in larger] == [
        (LARGEST_BODY, "portavoce.web.admin.customer_imports")
    ]


def test_in_production_a_database_is_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("PORTAVOCE_HOME", str(tmp_path))
    monkeypatch.delenv("PORTAVOCE_DATABASE_URL", raising=False)
    with pytest.raises(NoDatabase):
        production_app()
