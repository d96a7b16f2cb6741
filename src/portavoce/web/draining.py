"""Going without a request lost: first it is said, then nothing new comes, then the process ends.

On SIGTERM the server's main process tells its workers to drain and stops them a little later. A draining worker is not
ready, so that whoever balances the load turns to another, and closes each connection with the answer it gives, so
that no client finds out by sending into a connection that is going. Open streams end at once and are not cut later.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from litestar import Litestar
from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from portavoce.core.processes.sockets import ready

DRAIN = signal.SIGURG
"""Ignored where nobody hears it: a worker that has only just begun does not die of it."""


@asynccontextmanager
async def draining(app: Litestar) -> AsyncIterator[None]:
    """A lifespan of the application, the last one: by then it can work."""
    app.state.draining = False
    # Outside a main thread, as in some tests, nobody sends signals.
    with suppress(RuntimeError, ValueError):
        asyncio.get_running_loop().add_signal_handler(DRAIN, drain, app)
    ready()
    yield


def drain(app: Litestar) -> None:
    app.state.draining = True
    if hub := app.state.get("hub"):
        hub.end_all()


async def close_connections(message: Message, scope: Scope) -> None:
    """A `before_send` of the application."""
    if message["type"] == "http.response.start" and scope["litestar_app"].state.get("draining"):
        MutableScopeHeaders.from_message(message)["Connection"] = "close"
