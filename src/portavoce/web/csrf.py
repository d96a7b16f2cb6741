"""Every request that may change something proves that it came from a page of ours, in this session. Else 403.

One guard on the whole application, so that no route can be forgotten: see `app.create_app`.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from litestar import Request
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler

from portavoce.web.cookies import AnyConnection, session_id_of, visitor_of
from portavoce.web.security import CSRF_FIELD, CSRF_HEADER, check_csrf, comes_from_us, csrf_token

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN = "open"
"""Handler option of routes for visitors: there a visitor's cookie may stand in for a session."""
UPLOAD = "upload"
"""Handler option of routes that take a file: there the token may come in a form with parts. Elsewhere none is read."""


async def require_csrf(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """403 for a forged, missing or outdated token, 401 where a session is needed and the browser names none."""
    if not isinstance(connection, Request) or connection.method in SAFE:
        return
    if not _ours(connection):
        raise PermissionDeniedException
    anchor = session_id_of(connection)
    if anchor is None and not handler.opt.get(OPEN):
        raise NotAuthorizedException
    anchor = anchor or visitor_of(connection)
    token = await _sent(connection, handler)
    if anchor is None or not check_csrf(connection.app.state.csrf_key, anchor, token):
        await _let_go(connection, handler)
        raise PermissionDeniedException


def csrf_of(connection: AnyConnection) -> str:
    """The token for the forms of a page; empty when the browser has neither session nor visitor cookie."""
    anchor = session_id_of(connection) or visitor_of(connection)
    return csrf_token(connection.app.state.csrf_key, anchor) if anchor else ""


def _ours(request: Request) -> bool:  # type: ignore[type-arg]  # -- any user, auth and state
    """By Sec-Fetch-Site and Origin; behind a proxy the public host counts as ours too."""
    hosts = (request.headers.get("host", ""), urlsplit(request.app.state.house.base_url).netloc)
    headers = {name.lower(): value for name, value in request.headers.items()}
    return any(comes_from_us(headers, host) for host in hosts)


async def _sent(request: Request, handler: BaseRouteHandler) -> str:  # type: ignore[type-arg]  # -- any user, auth and state
    header = request.headers.get(CSRF_HEADER)
    if header is not None:
        return header
    kind = request.headers.get("content-type", "")
    if not _has_files(request, handler) and not kind.startswith("application/x-www-form-urlencoded"):
        return ""
    return str((await request.form()).get(CSRF_FIELD, ""))


def _has_files(request: Request, handler: BaseRouteHandler) -> bool:  # type: ignore[type-arg]  # -- any user, auth and state
    kind = request.headers.get("content-type", "")
    return bool(handler.opt.get(UPLOAD)) and kind.startswith("multipart/form-data")


async def _let_go(request: Request, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]  # -- any user, auth and state
    """What was uploaded lies on the disk until it is closed."""
    if CSRF_HEADER not in request.headers and _has_files(request, handler):
        await (await request.form()).close()
