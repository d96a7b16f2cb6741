"""`docs/routes.md` says what the application does."""

from __future__ import annotations

from portavoce.web.routes import OPEN, PERMISSIONS, entries, table
from tests.web.routes_page import PAGE, unconnected_app

EVERYBODY = {
    "/",
    "/health/live",
    "/health/ready",
    "/invitation/{token}",
    "/open/service/{token}",
    "/open/service/{token}/brand.css",
    "/password-reset",
    "/password-reset/{token}",
    "/sign-in",
    "/static/{version}/{name}",
}


def test_the_page_of_routes_is_up_to_date() -> None:
    written = PAGE.read_text()
    assert written == table(unconnected_app()), "run python -m tests.web.routes_page"


def test_only_these_pages_are_open_to_everybody() -> None:
    assert {each.path for each in entries(unconnected_app()) if each.who == OPEN} == EVERYBODY


def test_every_route_in_a_brand_asks_for_a_role_there() -> None:
    in_brand = [each for each in entries(unconnected_app()) if "/b/{brand}" in each.path]
    assert {each.who for each in in_brand} <= {
        text for text in PERMISSIONS.values() if text.endswith("of the brand")
    }
    assert in_brand != []


def test_nothing_is_changed_by_get() -> None:
    verbs = (
        "sign-out",
        "revocation",
        "disablement",
        "conversation",
        "claim",
        "closure",
        "release",
        "resending",
    )
    read = [each.path for each in entries(unconnected_app()) if each.method == "GET"]
    assert not [path for path in read if path.rsplit("/", 1)[-1] in verbs]
