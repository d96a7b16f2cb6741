"""`/` leads to where a person works, or to signing in."""

from __future__ import annotations

from typing import Any

from litestar import Request, get
from litestar.response import Redirect

from portavoce.web.access import actor_of
from portavoce.web.pages import home_of


@get("/", status_code=303)
async def show_start(request: Request[Any, Any, Any]) -> Redirect:
    actor = await actor_of(request)
    return Redirect(home_of(actor) if actor else "/sign-in", status_code=303)
