"""An invited person chooses a password and is signed in."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from portavoce.core.scope import HOUSE
from portavoce.identity.errors import WeakPassword
from portavoce.identity.inviting import accept_invitation, invited
from portavoce.identity.models import Person
from portavoce.web.address import client_address
from portavoce.web.cookies import session_id_of
from portavoce.web.entering import signed_in_answer
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.pages import render, visitors_page

AnyRequest = Request[Any, Any, Any]
PAGE = "open/invitation.html"


class NewPasswordForm(msgspec.Struct, kw_only=True):
    password: Annotated[str, msgspec.Meta(max_length=1000, extra={"strip": False})]


class InvitationController(Controller):
    path = "/invitation/{token:str}"

    @get("/")
    async def show(self, request: AnyRequest, token: FromPath[str]) -> Response[str]:
        person = await _person(request, token)
        return visitors_page(request, PAGE, person=person, token=token, errors={})

    @post("/", status_code=303)
    async def create(self, request: AnyRequest, token: FromPath[str]) -> Redirect:
        form, errors, _ = await read(request, NewPasswordForm)
        if form is None:
            raise await _again(request, token, errors)
        state = request.app.state
        try:
            done = await accept_invitation(
                state.database,
                state.passwords,
                token=token,
                password=form.password,
                address=client_address(request),
                old_session=session_id_of(request),
            )
        except WeakPassword as problem:
            message = words_for(request).gettext(problem.message)
            raise await _again(request, token, {"password": message}) from problem
        return signed_in_answer(request, done, "/")


async def _person(request: AnyRequest, token: str) -> Person:
    async with request.app.state.database.begin(HOUSE) as db:
        return await invited(db, token)


async def _again(request: AnyRequest, token: str, errors: dict[str, str]) -> Rejected:
    person = await _person(request, token)
    return Rejected(422, html=render(request, PAGE, person=person, token=token, errors=errors))
