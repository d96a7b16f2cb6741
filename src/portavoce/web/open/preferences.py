"""What a person chooses for themselves: language of pages and mails, light or dark, size of the text, time to act."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from portavoce.core.scope import HOUSE
from portavoce.identity.people import choose_locale
from portavoce.web.access import Actor, provide_actor, signed_in
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import COOKIE as LANGUAGE
from portavoce.web.i18n import locale_of
from portavoce.web.look import look_of
from portavoce.web.pages import home_of, page, shell

AnyRequest = Request[Any, Any, Any]
PAGE = "open/preferences.html"
YEAR = 365 * 24 * 3600


class PreferenceForm(msgspec.Struct, kw_only=True):
    language: Literal["it", "en"]
    theme: Literal["light", "dark", "system"] = "system"
    density: Literal["normal", "large"] = "normal"
    pace: Literal["normal", "double"] = "normal"


class PreferenceController(Controller):
    path = "/preferences"
    guards = (signed_in,)
    dependencies = {"actor": provide_actor}

    @get("/")
    async def show(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        saved: FromQuery[str] = "",
        password: FromQuery[str] = "",
    ) -> Response[str]:
        look = look_of(request)
        form = {
            "language": locale_of(request),
            "theme": look.theme or "system",
            "density": look.density or "normal",
            "pace": look.pace or "normal",
        }
        html = _form(request, actor, form=form, errors={}, saved=bool(saved), new_password=bool(password))
        return page(html)

    @post("/", status_code=303)
    async def update(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Redirect:
        form, errors, raw = await read(request, PreferenceForm)
        if form is None:
            raise Rejected(
                422, html=_form(request, actor, form=raw, errors=errors, saved=False, new_password=False)
            )
        async with request.app.state.database.begin(HOUSE) as db:
            await choose_locale(db, actor.person_id, form.language)
        answer = Redirect("/preferences?saved=1", status_code=303)
        secure = request.app.state.cookies.secure
        chosen = {LANGUAGE: form.language, "theme": form.theme, "density": form.density, "pace": form.pace}
        for key, value in chosen.items():
            answer.set_cookie(key=key, value=value, path="/", max_age=YEAR, samesite="lax", secure=secure)
        return answer


def _form(request: AnyRequest, actor: Actor, **context: Any) -> str:
    nowhere = home_of(actor) == "/preferences"
    return shell(request, actor, PAGE, current="/preferences", nowhere=nowhere, **context)
