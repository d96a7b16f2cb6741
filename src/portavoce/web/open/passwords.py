"""A person changes their own password: the present one is asked for, and everywhere else they are signed out."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from portavoce.core.errors import Problem
from portavoce.identity.changing import change_password
from portavoce.identity.errors import TooManyAttempts, WeakPassword, WrongPassword
from portavoce.web.access import Actor, provide_actor, signed_in
from portavoce.web.address import client_address
from portavoce.web.entering import signed_in_answer
from portavoce.web.errors import Rejected, retry_of
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.pages import page, shell

AnyRequest = Request[Any, Any, Any]
Secret = Annotated[str, msgspec.Meta(max_length=1000, extra={"strip": False})]
FIELDS: dict[type[Problem], str] = {WrongPassword: "current", WeakPassword: "new", TooManyAttempts: ""}


class PasswordForm(msgspec.Struct, kw_only=True):
    current: Secret
    new: Secret


class PasswordController(Controller):
    path = "/preferences/password"
    guards = (signed_in,)
    dependencies = {"actor": provide_actor}

    @get("/")
    async def show(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Response[str]:
        return page(_form(request, actor, {}))

    @post("/", status_code=303)
    async def update(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Redirect:
        form, errors, _ = await read(request, PasswordForm)
        if form is None:
            raise Rejected(422, html=_form(request, actor, errors))
        state = request.app.state
        try:
            done = await change_password(
                state.database,
                state.passwords,
                state.house,
                person_id=actor.person_id,
                current=form.current,
                new=form.new,
                address=client_address(request),
            )
        except (WrongPassword, WeakPassword, TooManyAttempts) as problem:
            errors = {FIELDS[type(problem)]: words_for(request).gettext(problem.message)}
            html = _form(request, actor, errors)
            raise Rejected(problem.status, html=html, headers=retry_of(problem)) from problem
        return signed_in_answer(request, done, "/preferences?password=1")


def _form(request: AnyRequest, actor: Actor, errors: dict[str, str]) -> str:
    return shell(request, actor, "open/password.html", current="/preferences", errors=errors)
