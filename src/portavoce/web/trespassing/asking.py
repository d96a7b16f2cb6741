"""Asks the application in its own process, as a person of whom there is no row: nothing is left behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Litestar

from portavoce.identity.granting import Granted
from portavoce.web.access import Actor
from portavoce.web.denials import KEPT_APART

NOBODY = UUID(int=0)
"""The probe's person; no row has this id."""
PATIENCE = 60.0


class Answer(NamedTuple):
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


def stranger(*grants: tuple[UUID, str, str], house_admin: bool = False) -> Actor:
    """Somebody with these grants (brand, slug, role) and no other."""
    return Actor(
        person_id=NOBODY,
        session_id="",
        name="",
        email="",
        locale="en",
        client_id=None,
        grants=tuple(Granted(NOBODY, *each) for each in grants),
        house_admin=house_admin,
    )


@asynccontextmanager
async def awake(app: Litestar) -> AsyncIterator[None]:
    """The application with its streams, within a process that hears its own signals; its connections end with it."""
    async with app.lifespan():
        app.state.hub.stop_on_signal(lambda _end: None)
        yield


async def ask(app: Litestar, url: str, actor: Actor) -> Answer:
    """The answer to a GET; of a stream what comes first. Its denials are not written down as anybody's."""
    asked = urlsplit(url)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": asked.path,
        "raw_path": asked.path.encode(),
        "root_path": "",
        "query_string": asked.query.encode(),
        "headers": [(b"host", b"localhost"), (b"accept", b"text/html"), (b"accept-language", b"en")],
        "client": ("127.0.0.1", 0),
        "server": ("localhost", 80),
        "state": {"actor": actor, KEPT_APART: True},
    }
    return await _Exchange().with_app(app, scope)


OF_EACH_ANSWER = (b"date", b"x-request-id")
"""Headers in which no two answers are alike."""


class _Exchange:
    """One request; the asker hangs up after the first part of the body, or its end: a stream may end before a word."""

    def __init__(self) -> None:
        self._begun = asyncio.Event()
        self._asked = False
        self._start: dict[str, Any] = {}
        self._body = b""

    async def with_app(self, app: Any, scope: dict[str, Any]) -> Answer:
        async with asyncio.timeout(PATIENCE):
            await app(scope, self._receive, self._send)
        named = ((name.lower(), value) for name, value in self._start["headers"])
        headers = tuple(sorted(each for each in named if each[0] not in OF_EACH_ANSWER))
        return Answer(self._start["status"], headers, self._body)

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._begun.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif not self._begun.is_set():
            self._body += message.get("body", b"")
            if self._body or not message.get("more_body"):
                self._begun.set()
