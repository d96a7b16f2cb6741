"""Call an ASGI app without a network in between: both sides of a ratio pay the same few microseconds."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from litestar import Litestar


async def get(app: Litestar, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
    """Status and body of one GET; `path` may end in a query."""
    path, _, query = path.partition("?")
    status, body = 0, bytearray()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "state": {},
    }
    await app(scope, receive, send)  # type: ignore[arg-type]  # -- the literal form of an ASGI call
    return status, bytes(body)
