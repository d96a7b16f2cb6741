"""Around every request: a name that header, log and error page share, one line at its end, and its numbers."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import structlog
from litestar import Litestar
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from portavoce.core import metrics
from portavoce.core.logs import about
from portavoce.core.loops import repeat
from portavoce.core.measuring import measure_pool
from portavoce.core.metrics import measure_lag
from portavoce.web.routes import surface_of

LOG = structlog.get_logger()
HEADER = "X-Request-ID"
NOWHERE = "none"
"""What was asked for has no route; its path is anybody's text and stays out."""
EVERY = timedelta(seconds=5)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def observe(app: Litestar) -> Litestar:
    """Outermost, so that answers to unknown paths are named and counted too."""
    app.asgi_handler = Observed(app.asgi_handler)
    return app


@asynccontextmanager
async def numbers(app: Litestar) -> AsyncIterator[None]:
    """A lifespan of the application: the private page of numbers, on a port the public does not reach."""
    state, stopping = app.state, asyncio.Event()

    async def look() -> None:
        measure_pool(state.database)
        await measure_lag()

    exposed = metrics.expose(state.settings.metrics_port, "serve")
    task = asyncio.create_task(repeat("numbers", EVERY, look, stopping))
    try:
        yield
    finally:
        stopping.set()
        await task
        exposed.close()


class Observed:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        request_id, seen, begun = secrets.token_hex(8), Seen(), time.monotonic()
        scope["state"]["request_id"] = request_id

        async def naming(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                headers[HEADER] = request_id
                seen.note(message["status"], headers.get("content-type", ""))
            await send(message)

        with about(request=request_id):
            try:
                await self._app(scope, receive, naming)
            finally:
                _tell(scope, seen, time.monotonic() - begun)


class Seen:
    """What went out. Status 0: the browser left before there was an answer."""

    def __init__(self) -> None:
        self.status = 0
        self.is_stream = False

    def note(self, status: int, media_type: str) -> None:
        self.status, self.is_stream = status, media_type.startswith("text/event-stream")


def _tell(scope: Any, seen: Seen, seconds: float) -> None:
    """The route as it is declared: a path as asked may hold a one-time link."""
    route, handler = scope.get("path_template", NOWHERE), scope.get("route_handler")
    surface = surface_of(handler) if handler is not None else NOWHERE
    method = scope["method"] if scope["method"] in METHODS else "other"
    if not seen.is_stream:
        metrics.REQUESTS.labels(surface, method, f"{seen.status // 100}xx").observe(seconds)
    tell = LOG.debug if route.startswith(("/health/", "/static/")) else LOG.info
    tell("request", method=method, route=route, status=seen.status, ms=round(seconds * 1000))
    if seen.status == HTTPStatus.TOO_MANY_REQUESTS:
        LOG.warning("too many", method=method, route=route)
