"""Another address for a person: they sign in with it from then on, and hear of it at both."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from portavoce.core.scope import HOUSE
from portavoce.identity.changing import change_address
from portavoce.identity.errors import KnownAddress
from portavoce.web.access import Actor, house_admin
from portavoce.web.admin.mistakes import errors_of
from portavoce.web.admin.roles import person_page
from portavoce.web.errors import Rejected
from portavoce.web.forms import read

AnyRequest = Request[Any, Any, Any]


class MoveForm(msgspec.Struct, kw_only=True):
    email: Annotated[str, msgspec.Meta(max_length=254)]


class MoveController(Controller):
    path = "/admin/people/{person_id:uuid}/address"
    guards = (house_admin,)

    @post("/", status_code=303)
    async def create(
        self, request: AnyRequest, actor: NamedDependency[Actor], person_id: FromPath[UUID]
    ) -> Redirect:
        form, errors, raw = await read(request, MoveForm)
        if form is None:
            raise Rejected(422, html=await person_page(request, actor, person_id, raw, errors))
        state = request.app.state
        try:
            async with state.database.begin(HOUSE) as db:
                await change_address(db, state.house, person_id, form.email, by=actor.person_id)
        except KnownAddress as problem:
            errors = errors_of(request, problem, known=set(MoveForm.__struct_fields__))
            raise Rejected(422, html=await person_page(request, actor, person_id, raw, errors)) from problem
        return Redirect(f"/admin/people/{person_id}?moved=1", status_code=303)
