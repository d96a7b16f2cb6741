"""Every route with its surface and who may use it, read from the application itself; `docs/routes.md` shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from litestar import Litestar
from litestar.constants import RESERVED_KWARGS
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

PERMISSIONS = {
    "provide_desk_brand": "agent or supervisor of the brand",
    "provide_portal_brand": "client viewer or approver of the brand",
    "provide_back_office_brand": "client back office of the brand",
    "provide_approver_brand": "client approver of the brand",
    "provide_token_brand": "client approver or admin of the brand",
    "provide_lead_brand": "client lead taker of the brand",
    "provide_shop_brand": "client shop clerk of the brand",
    "provide_admin_brand": "admin of the brand",
    "provide_supervised_brand": "supervisor or admin of the brand",
    "provide_bearer": "API token of the brand",
    "house_admin": "admin of the house",
    "administers": "admin of the house or of any brand",
    "supervises": "supervisor or admin of any brand",
    "at_desk": "agent or supervisor",
    "signed_in": "signed in",
}
"""What a guard or the brand's dependency asks, the narrowest first."""
OPEN = "everybody"
HEAD = """# Routes

Written by `python -m tests.web.routes_page`; a test compares it with the application. Every method but GET needs the
CSRF token of the session (else 403) and, unless open to everybody, a live session (else 401). What is not granted
answers 404, like what does not exist.

| method | path | surface | who |
|---|---|---|---|
"""


class Entry(NamedTuple):
    path: str
    method: str
    surface: str
    who: str


class Inputs(NamedTuple):
    """Names of what an address carries: in its path, and behind the question mark."""

    path: tuple[str, ...]
    query: tuple[str, ...]


def entries(app: Litestar) -> list[Entry]:
    return sorted(
        Entry(route.path_format, method, surface_of(handler), who(handler))
        for route, method, handler in endpoints(app)
    )


def endpoints(app: Litestar) -> Iterator[tuple[HTTPRoute, str, HTTPRouteHandler]]:
    """Each route with each of its methods, but for those that every route has."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
                    yield route, str(method), handler


def inputs(route: HTTPRoute, handler: HTTPRouteHandler) -> Inputs:
    """What the handler and the dependencies it uses read of the address."""
    path = tuple(route.path_parameters)
    return Inputs(path, tuple(dict.fromkeys(name for name in _asked(handler, handler) if name not in path)))


def _asked(handler: HTTPRouteHandler, function: Any) -> Iterator[str]:
    known = handler.resolve_dependencies()
    for name in function.parsed_fn_signature.parameters:
        if name in known:
            yield from _asked(handler, known[name])
        elif name not in RESERVED_KWARGS:
            yield name


def who(handler: HTTPRouteHandler) -> str:
    asked = {getattr(guard, "__name__", "") for guard in handler.resolve_guards()}
    granted = handler.resolve_dependencies().get("granted")
    used = handler.parsed_fn_signature.parameters
    if granted is not None and ("granted" in used or "db" in used):
        asked.add(granted.dependency.__name__)
    return next((text for name, text in PERMISSIONS.items() if name in asked), OPEN)


def surface_of(handler: Any) -> str:
    """`desk`, `portal`, `admin`, `open`; `shared` is what belongs to none."""
    parts = str(handler.fn.__module__).split(".")
    return parts[2] if len(parts) > 3 else "shared"


def table(app: Litestar) -> str:
    rows = (f"| {each.method} | `{each.path}` | {each.surface} | {each.who} |\n" for each in entries(app))
    return HEAD + "".join(rows)
