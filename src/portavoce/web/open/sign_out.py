"""Signing out ends the session at once, here and in every stream, and forgets what the browser kept."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from portavoce.core.scope import HOUSE
from portavoce.identity.signing_in import sign_out
from portavoce.web.access import Actor, provide_actor, signed_in


class SignOutController(Controller):
    path = "/sign-out"
    guards = (signed_in,)
    dependencies = {"actor": provide_actor}

    @post("/", status_code=303)
    async def create(self, request: Request[Any, Any, Any], actor: NamedDependency[Actor]) -> Redirect:
        async with request.app.state.database.begin(HOUSE) as db:
            await sign_out(db, actor.person_id, actor.session_id)
        cookies = request.app.state.cookies
        answer = Redirect("/sign-in", status_code=303, headers={"Clear-Site-Data": '"cache", "storage"'})
        answer.set_cookie(cookies.make(cookies.session, ""))
        return answer
