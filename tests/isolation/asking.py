"""Requests to the whole application as a browser sends them, with the answer down to its bytes."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from litestar import Litestar

from portavoce.identity.sessions import hashed
from portavoce.web.security import csrf_token
from tests.isolation.naming import Somebody

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
VOLATILE = {b"date", b"x-request-id"}
FORM_KEY = re.compile(rb'name="form_key" value="[^"]*"')
"""Every form that is shown has another."""
PATIENCE = 30.0


class Answer(NamedTuple):
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def header(self, name: str) -> str:
        return next((value.decode() for key, value in self.headers if key == name.encode()), "")

    def without(self, names: Mapping[str, str]) -> Answer:
        """What was asked for replaced by its place, since an answer may repeat the question."""
        headers, body = self.headers, FORM_KEY.sub(b"", self.body)
        for place, value in names.items():
            mark = f"<{place}>".encode()
            body = body.replace(value.encode(), mark)
            headers = tuple((key, text.replace(value.encode(), mark)) for key, text in headers)
        return Answer(self.status, headers, body)


@dataclass(frozen=True, slots=True)
class Request:
    """`fields`: a form or JSON; `extra`: headers beside those that every browser sends."""

    method: str
    path: str
    query: Mapping[str, str]
    fields: Sequence[tuple[str, str]] = ()
    kind: str = FORM
    extra: Mapping[str, str] | None = None

    def body(self) -> bytes:
        return (
            json.dumps(dict(self.fields)).encode() if self.kind == JSON else urlencode(self.fields).encode()
        )


async def ask(app: Litestar, request: Request, who: Somebody | None = None) -> Answer:
    """Of a stream, what comes first."""
    return await _Exchange(request).answer(app, who)


class _Exchange:
    """Hangs up after the first part of the body."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._begun = asyncio.Event()
        self._asked = False
        self._start: dict[str, Any] = {}
        self._body = b""

    async def answer(self, app: Any, who: Somebody | None) -> Answer:
        async with asyncio.timeout(PATIENCE):
            await app(self._scope(app, who), self._receive, self._send)
        headers = (
            (key.lower(), value) for key, value in self._start["headers"] if key.lower() not in VOLATILE
        )
        return Answer(self._start["status"], tuple(sorted(headers)), self._body)

    def _scope(self, app: Litestar, who: Somebody | None) -> dict[str, Any]:
        request = self._request
        sent = {"Host": "testserver.local", "Accept": "text/html", "Accept-Language": "en", **(request.extra or {})}  # fmt: skip
        if who is not None:
            cookie = f"portavoce={who.cookie}"
            sent["Cookie"] = f"{cookie}; {sent['Cookie']}" if "Cookie" in sent else cookie
            sent["X-CSRF-Token"] = csrf_token(app.state.csrf_key, hashed(who.cookie))
        if request.fields:
            sent["Content-Type"] = request.kind
        path = request.path
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "path": path,
            "raw_path": quote(path).encode(),
            "root_path": "",
            "query_string": urlencode(request.query).encode(),
            "headers": [(key.lower().encode(), value.encode()) for key, value in sent.items()],
            "client": ("203.0.113.9", 40000),
            "server": ("testserver.local", 80),
        }

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": self._request.body(), "more_body": False}
        await self._begun.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif not self._begun.is_set():
            self._body += message.get("body", b"")
            if self._body or not message.get("more_body"):
                self._begun.set()
