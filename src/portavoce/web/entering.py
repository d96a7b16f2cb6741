"""The answer to whoever has just proved who they are: the new session's cookie, and the person's language."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.response import Redirect

from portavoce.identity.signing_in import SignedIn
from portavoce.web.i18n import COOKIE as LANGUAGE

YEAR = 365 * 24 * 3600


def signed_in_answer(request: Request[Any, Any, Any], done: SignedIn, target: str) -> Redirect:
    cookies = request.app.state.cookies
    answer = Redirect(target, status_code=303)
    answer.set_cookie(cookies.make(cookies.session, done.token))
    answer.set_cookie(
        key=LANGUAGE, value=done.locale, path="/", max_age=YEAR, samesite="lax", secure=cookies.secure
    )
    return answer
