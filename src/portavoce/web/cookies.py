"""The two cookies that prove something: whose session it is, and that a form of a visitor came from our page."""

from __future__ import annotations

import secrets
from typing import Any

import msgspec
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from portavoce.identity.sessions import LIFETIME, hashed

AnyConnection = ASGIConnection[Any, Any, Any, Any]


class Cookies(msgspec.Struct, frozen=True):
    """Over https the names begin with `__Host-`, which no neighbouring host can set."""

    session: str
    visitor: str
    secure: bool

    def make(self, key: str, value: str) -> Cookie:
        return Cookie(
            key=key,
            value=value,
            path="/",
            httponly=True,
            secure=self.secure,
            samesite="lax",
            max_age=int(LIFETIME.total_seconds()) if value else 0,
        )


def cookies_for(*, https: bool) -> Cookies:
    prefix = "__Host-" if https else ""
    return Cookies(f"{prefix}portavoce", f"{prefix}portavoce-visitor", https)


def session_id_of(connection: AnyConnection) -> str | None:
    """The id (hash) of the session the browser names; it may have ended, or never existed."""
    value = connection.cookies.get(connection.app.state.cookies.session)
    return hashed(value) if value else None


def visitor_of(connection: AnyConnection) -> str | None:
    value = connection.cookies.get(connection.app.state.cookies.visitor)
    return hashed(f"visitor {value}") if value else None


def new_visitor() -> tuple[str, str]:
    """A cookie value for a visitor without one, and the id that belongs to it."""
    value = secrets.token_urlsafe(24)
    return value, hashed(f"visitor {value}")
