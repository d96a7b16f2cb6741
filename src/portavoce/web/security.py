"""What protects every answer and every form: response headers, and a CSRF token tied to the session."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

from litestar.datastructures import MutableScopeHeaders
from litestar.types import BeforeMessageSendHookHandler, Message, Scope

CSRF_FIELD = "_csrf"
CSRF_HEADER = "X-CSRF-Token"

PAGE_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ]
)

MAIL_POLICY = "; ".join(
    [
        "sandbox allow-popups allow-popups-to-escape-sandbox",
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    ]
)
"""Set as the `Content-Security-Policy` of the page inside the mail frame: no script, no form, nothing remote.

The frame has an origin of its own, so pictures of the mail go in as `data:` addresses."""

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=31536000; includeSubDomains"


def security_headers(*, https: bool) -> BeforeMessageSendHookHandler:
    """A `before_send` hook, so that answers to errors get the headers too. What a handler set itself stays."""
    fixed = {**ALWAYS, **({"Strict-Transport-Security": HSTS} if https else {})}

    async def add(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        headers = MutableScopeHeaders.from_message(message)
        wanted = {**fixed, **_for_this(headers)}
        for name, value in wanted.items():
            if name not in headers:
                headers[name] = value

    return add


def _for_this(headers: MutableScopeHeaders) -> dict[str, str]:
    """Pages are not kept; a handler with a policy of its own (the mail frame) also decides who may frame it."""
    extra = {} if "Cache-Control" in headers else {"Cache-Control": "private, no-store"}
    if "Content-Security-Policy" in headers:
        return extra
    return {**extra, "Content-Security-Policy": PAGE_POLICY, "X-Frame-Options": "DENY"}


def csrf_token(secret: bytes, session_id: str) -> str:
    """The one token of a session; it changes when the session is rotated."""
    return hmac.new(secret, b"csrf:" + session_id.encode(), hashlib.sha256).hexdigest()


def check_csrf(secret: bytes, session_id: str, sent: str) -> bool:
    """Compares in constant time; anything but ASCII is simply wrong."""
    return sent.isascii() and hmac.compare_digest(csrf_token(secret, session_id), sent)


def comes_from_us(headers: Mapping[str, str], host: str) -> bool:
    """False for a request that a page of another site started, by Sec-Fetch-Site and by Origin (keys in lower case).

    A client that sends neither is no browser of today: the token decides alone.
    """
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == host
