"""A forgotten password: ask for a link, follow it, choose a new one. The first answer is the same for every address."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from portavoce.core.scope import HOUSE
from portavoce.identity.errors import WeakPassword
from portavoce.identity.resetting import ask_reset, reset_password, resetting
from portavoce.web.address import client_address
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.open.invitations import NewPasswordForm
from portavoce.web.pages import render, visitors_page

AnyRequest = Request[Any, Any, Any]
ASK, CHOOSE = "open/password_reset.html", "open/new_password.html"


class ResetForm(msgspec.Struct, kw_only=True):
    email: Annotated[str, msgspec.Meta(max_length=254)]


class PasswordResetController(Controller):
    path = "/password-reset"

    @get("/")
    async def index(self, request: AnyRequest, sent: FromQuery[str] = "") -> Response[str]:
        return visitors_page(request, ASK, form={}, errors={}, sent=bool(sent))

    @post("/", status_code=303)
    async def create(self, request: AnyRequest) -> Redirect:
        form, errors, raw = await read(request, ResetForm)
        if form is None:
            raise Rejected(422, html=render(request, ASK, form=raw, errors=errors, sent=False))
        state = request.app.state
        await ask_reset(state.database, state.house, email=form.email, address=client_address(request))
        return Redirect("/password-reset?sent=1", status_code=303)

    @get("/{token:str}")
    async def show(self, request: AnyRequest, token: FromPath[str]) -> Response[str]:
        await _check(request, token)
        return visitors_page(request, CHOOSE, token=token, errors={})

    @post("/{token:str}", status_code=303)
    async def update(self, request: AnyRequest, token: FromPath[str]) -> Redirect:
        form, errors, _ = await read(request, NewPasswordForm)
        if form is None:
            await _check(request, token)
            raise Rejected(422, html=render(request, CHOOSE, token=token, errors=errors))
        state = request.app.state
        try:
            await reset_password(
                state.database,
                state.passwords,
                state.house,
                token=token,
                password=form.password,
                address=client_address(request),
            )
        except WeakPassword as problem:
            errors = {"password": words_for(request).gettext(problem.message)}
            raise Rejected(422, html=render(request, CHOOSE, token=token, errors=errors)) from problem
        return Redirect("/sign-in?reset=1", status_code=303)


async def _check(request: AnyRequest, token: str) -> None:
    async with request.app.state.database.begin(HOUSE) as db:
        await resetting(db, token)
