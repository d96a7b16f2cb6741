"""The sign-in page: it names the provider, never a client or a brand."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from portavoce.identity.errors import TooManyAttempts, WrongCredentials
from portavoce.identity.signing_in import sign_in
from portavoce.web.access import actor_of
from portavoce.web.address import client_address
from portavoce.web.cookies import session_id_of
from portavoce.web.entering import signed_in_answer
from portavoce.web.errors import Rejected, retry_of
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.open.returning import safe_next
from portavoce.web.pages import home_of, render, visitors_page

AnyRequest = Request[Any, Any, Any]
PAGE = "open/sign_in.html"


class SignInForm(msgspec.Struct, kw_only=True):
    email: Annotated[str, msgspec.Meta(max_length=254)]
    password: Annotated[str, msgspec.Meta(max_length=1000, extra={"strip": False})]
    next: str = ""


class SignInController(Controller):
    path = "/sign-in"

    @get("/")
    async def show(
        self, request: AnyRequest, reset: FromQuery[str] = "", ended: FromQuery[str] = ""
    ) -> Response[str]:
        actor = await actor_of(request)
        if actor is not None:
            return Redirect(home_of(actor), status_code=303)
        wanted = request.query_params.get("next", "")
        form = {"next": safe_next(wanted)}
        return visitors_page(request, PAGE, form=form, errors={}, reset=bool(reset), ended=bool(ended))

    @post("/", status_code=303)
    async def create(self, request: AnyRequest) -> Redirect:
        form, errors, raw = await read(request, SignInForm)
        if form is None:
            raise _again(request, 422, raw, errors)
        state = request.app.state
        try:
            done = await sign_in(
                state.database,
                state.passwords,
                email=form.email,
                password=form.password,
                address=client_address(request),
                old_session=session_id_of(request),
            )
        except (WrongCredentials, TooManyAttempts) as problem:
            message = words_for(request).gettext(problem.message)
            raise _again(request, problem.status, raw, {"": message}, retry_of(problem)) from problem
        return signed_in_answer(request, done, safe_next(form.next))


def _again(
    request: AnyRequest,
    status: int,
    raw: dict[str, str],
    errors: dict[str, str],
    headers: dict[str, str] | None = None,
) -> Rejected:
    shown = {"email": raw.get("email", ""), "next": safe_next(raw.get("next", ""))}
    html = render(request, PAGE, form=shown, errors=errors, reset=False, ended=False)
    return Rejected(status, html=html, headers=headers)
