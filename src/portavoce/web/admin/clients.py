"""The paying companies: known to the administrators of the house only."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from portavoce.core.scope import HOUSE
from portavoce.onboarding.brands import add_paying_client
from portavoce.web.access import Actor, house_admin
from portavoce.web.admin.listing import client_rows
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.pages import page, shell

AnyRequest = Request[Any, Any, Any]
Name = Annotated[str, msgspec.Meta(min_length=2, max_length=120)]


class ClientForm(msgspec.Struct, kw_only=True):
    name: Name
    legal_name: Name


class ClientController(Controller):
    path = "/admin/clients"
    guards = (house_admin,)

    @get("/")
    async def index(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Response[str]:
        return page(await _list(request, actor, {}, {}))

    @post("/", status_code=303)
    async def create(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Redirect:
        form, errors, raw = await read(request, ClientForm)
        if form is None:
            raise Rejected(422, html=await _list(request, actor, raw, errors))
        await add_paying_client(
            request.app.state.database, name=form.name, legal_name=form.legal_name, by=actor.person_id
        )
        return Redirect("/admin/clients", status_code=303)


async def _list(request: AnyRequest, actor: Actor, form: dict[str, str], errors: dict[str, str]) -> str:
    async with request.app.state.database.begin(HOUSE) as db:
        rows = await client_rows(db)
    return shell(
        request, actor, "admin/clients.html", current="/admin/clients", clients=rows, form=form, errors=errors
    )
