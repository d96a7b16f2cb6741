"""How failure looks: a fragment for htmx, a page for a browser, JSON for a program that asks the API. Never more than who
asks may know.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
import structlog
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap, Scope
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from portavoce.core.db import crossed_a_wall, unavailable
from portavoce.core.errors import Problem
from portavoce.web.cookies import session_id_of
from portavoce.web.i18n import locale_of, words_for
from portavoce.web.look import look_of

SIGN_IN = "/sign-in"
API = "/api/"
COME_BACK_S = 5

AnyRequest = Request[Any, Any, Any]

LOG = structlog.get_logger()


class Rejected(Exception):
    """Raised with the whole answer, so that the transaction rolls back: a form with its messages, a stale view.

    `html` is swapped where the request asked for it, so it is the same fragment the form came from. `denied` says
    why, where somebody reached for what is not theirs: it is written down (see `denials`).
    """

    def __init__(
        self, status: int, *, html: str, headers: dict[str, str] | None = None, denied: str = ""
    ) -> None:
        super().__init__(f"rejected with {status}")
        self.denied = denied
        self.status = status
        self.html = html
        self.headers = headers or {}
        self.denied = denied


def error_handlers() -> ExceptionHandlersMap:
    return {
        Rejected: _rejected,
        Problem: _problem,
        HTTPException: _http,
        DBAPIError: _database,
        NoConnectionFree: _database,
        Exception: _bug,
    }


def is_htmx(request: AnyRequest) -> bool:
    return request.headers.get("hx-request") == "true"


def is_api(request: AnyRequest) -> bool:
    return request.url.path.startswith(API)


def _rejected(_: AnyRequest, error: Rejected) -> Response[str]:
    return _html(error.html, error.status, error.headers)


def _problem(request: AnyRequest, error: Problem) -> Response[str]:
    if error.status == 401 and not is_api(request):
        return _sign_in(request)
    words = error.message if is_api(request) else words_for(request).gettext(error.message)
    bearer = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    return _failure(request, error.status, message=words, headers={**retry_of(error), **bearer})


def retry_of(problem: Problem) -> dict[str, str]:
    """The header that says when to come back, where the problem knows."""
    after = problem.fields.get("retry_after")
    return {"Retry-After": after} if after else {}


def _http(request: AnyRequest, error: HTTPException) -> Response[str]:
    """What Litestar itself raises: unknown path, wrong method, too large a body, not signed in."""
    if error.status_code >= 500:
        return _bug(request, error)
    if error.status_code == 401 and not is_api(request):
        return _sign_in(request)
    headers = {
        name: value
        for name, value in (error.headers or {}).items()
        if name.lower() in ("allow", "retry-after")
    }
    return _failure(request, error.status_code, headers=headers)


def _database(request: AnyRequest, error: DBAPIError | NoConnectionFree) -> Response[str]:
    """What the wall refused does not exist (`denials` has logged it as the error it is); what is away comes back."""
    if isinstance(error, DBAPIError) and crossed_a_wall(error):
        return _failure(request, 404)
    if not unavailable(error):
        return _bug(request, error)
    LOG.warning("the database is away", route=request.scope.get("path_template", ""), cause=_cause(error))
    return _failure(request, 503, headers={"Retry-After": str(COME_BACK_S)})


def _cause(error: DBAPIError | NoConnectionFree) -> str:
    """Without the statement and its values."""
    cause = getattr(error, "orig", None)
    state = getattr(cause, "sqlstate", None)
    return " ".join(word for word in (type(cause or error).__name__, state) if word)


def _bug(request: AnyRequest, error: Exception) -> Response[str]:
    reference = str(request.scope["state"].get("request_id", ""))
    LOG.error(
        "unhandled", method=request.method, route=request.scope.get("path_template", ""), exc_info=error
    )
    return _failure(request, 500, reference=reference)


def asked(scope: Scope) -> str:
    """Method and route, without what stands in its places: that may be a token, or a name the reader may not see."""
    return f"{scope.get('method', '')} {scope.get('path_template') or 'unknown'}"


def _sign_in(request: AnyRequest) -> Response[str]:
    """A browser is led to sign in and back; htmx is told to leave the page, and SSE sees the plain 401.

    Who still has the cookie of a session was signed in: the page then says that it has ended.
    """
    asks_page = request.method == "GET" and not is_htmx(request)
    shown = urlsplit(request.headers.get("hx-current-url", "")).path
    query = {"next": request.url.path} if asks_page else {"next": shown} if shown else {}
    if session_id_of(request) is not None:
        query["ended"] = "1"
    target = f"{SIGN_IN}?{urlencode(query, safe='/')}" if query else SIGN_IN
    if is_htmx(request):
        return _failure(request, 401, headers={"HX-Redirect": target})
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        return _html("", 303, {"Location": target})
    return _failure(request, 401)


def _failure(
    request: AnyRequest,
    status: int,
    *,
    message: str = "",
    reference: str = "",
    headers: dict[str, str] | None = None,
) -> Response[str]:
    """To htmx the fragment, aimed at the page's `#alerts` so that no form or draft is replaced by it."""
    if is_api(request):
        return _told(status, message, reference, headers or {})
    context = {"status": status, "message": message, "reference": reference}
    if is_htmx(request):
        aim = {"HX-Retarget": "#alerts", "HX-Reswap": "innerHTML"}
        return _html(_render(request, "errors/_failure.html", context), status, {**aim, **(headers or {})})
    page = _render(request, "errors/failure.html", {**context, "look": look_of(request), "csrf": ""})
    return _html(page, status, headers or {})


def _told(status: int, message: str, reference: str, headers: dict[str, str]) -> Response[str]:
    """As RFC 9457 has it."""
    given = {"status": status, "title": HTTPStatus(status).phrase, "detail": message, "reference": reference}
    content = msgspec.json.encode({name: value for name, value in given.items() if value}).decode()
    return Response(content, status_code=status, media_type="application/problem+json", headers=headers)


def _render(request: AnyRequest, name: str, context: dict[str, Any]) -> str:
    text: str = request.app.state.templates.render(name, locale=locale_of(request), **context)
    return text


def _html(content: str, status: int, headers: dict[str, str]) -> Response[str]:
    return Response(content, status_code=status, media_type=MediaType.HTML, headers=headers)
