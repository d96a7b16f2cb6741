"""People of the provider and of its clients: known to the administrators of the house only."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from portavoce.core.errors import Problem
from portavoce.core.scope import HOUSE
from portavoce.identity.inviting import invite
from portavoce.onboarding.people import add_person, disable_person
from portavoce.web.access import ADMIN_ROLES, Actor, house_admin
from portavoce.web.admin.listing import client_rows, person_rows, roles_by_person
from portavoce.web.admin.mistakes import errors_of
from portavoce.web.admin.roles import NOT_ADMINISTERED, administered
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.pages import page, shell

AnyRequest = Request[Any, Any, Any]
HERE = "/admin/people"
START = {"locale": "it", "role": "agent"}


class PersonForm(msgspec.Struct, kw_only=True):
    """`client_id` blank: a person of the provider."""

    name: Annotated[str, msgspec.Meta(min_length=2, max_length=120)]
    email: Annotated[str, msgspec.Meta(max_length=254)]
    locale: Literal["it", "en"]
    client_id: UUID | None = None
    role: Literal[
        "agent", "supervisor", "admin", "client_viewer", "client_approver", "client_back_office", "client_lead_taker",
        "client_shop_clerk",
    ]  # fmt: skip
    brands: list[UUID]


class PersonController(Controller):
    path = HERE
    guards = (house_admin,)

    @get("/")
    async def index(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Response[str]:
        async with request.app.state.database.begin(HOUSE) as db:
            people, roles = await person_rows(db), await roles_by_person(db)
        return page(shell(request, actor, "admin/people.html", current=HERE, people=people, roles=roles))

    @get("/new")
    async def show(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Response[str]:
        return page(await _form(request, actor, START, {}, []))

    @post("/", status_code=303)
    async def create(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Redirect:
        form, errors, raw = await read(request, PersonForm)
        ticked = (await request.form()).getall("brands", [])
        denied = form is not None and not actor.brands(ADMIN_ROLES).issuperset(form.brands)
        if denied:
            errors = {"brands": words_for(request).gettext("Choose one of the options shown.")}
        if form is None or errors:
            html = await _form(request, actor, raw, errors, ticked)
            raise Rejected(422, html=html, denied=NOT_ADMINISTERED if denied else "")
        try:
            person_id = await _add(request, actor, form)
        except Problem as problem:
            errors = errors_of(request, problem, known=set(PersonForm.__struct_fields__))
            raise Rejected(422, html=await _form(request, actor, raw, errors, ticked)) from problem
        return Redirect(f"{HERE}/{person_id}?invited=1", status_code=303)


class InvitationController(Controller):
    """Sending the invitation again; links sent before stop working."""

    path = f"{HERE}/{{person_id:uuid}}/invitation"
    guards = (house_admin,)

    @post("/", status_code=303)
    async def create(
        self, request: AnyRequest, actor: NamedDependency[Actor], person_id: FromPath[UUID]
    ) -> Redirect:
        state = request.app.state
        async with state.database.begin(HOUSE) as db:
            await invite(db, state.house, person_id, by=actor.person_id)
        return Redirect(f"{HERE}/{person_id}?invited=1", status_code=303)


class DisablementController(Controller):
    """The end of all access of a person."""

    path = f"{HERE}/{{person_id:uuid}}/disablement"
    guards = (house_admin,)

    @post("/", status_code=303)
    async def create(
        self, request: AnyRequest, actor: NamedDependency[Actor], person_id: FromPath[UUID]
    ) -> Redirect:
        await disable_person(request.app.state.database, person_id=person_id, by=actor.person_id)
        return Redirect(f"{HERE}/{person_id}", status_code=303)


async def _add(request: AnyRequest, actor: Actor, form: PersonForm) -> UUID:
    state = request.app.state
    return await add_person(
        state.database,
        state.house,
        name=form.name,
        email=form.email,
        locale=form.locale,
        client_id=form.client_id,
        role=form.role,
        brands=form.brands,
        by=actor.person_id,
    )


async def _form(
    request: AnyRequest, actor: Actor, form: dict[str, str], errors: dict[str, str], ticked: list[str]
) -> str:
    async with request.app.state.database.begin(HOUSE) as db:
        clients = [(str(row.id), row.name) for row in await client_rows(db)]
    return shell(
        request,
        actor,
        "admin/new_person.html",
        current=HERE,
        form=form,
        errors=errors,
        ticked=set(ticked),
        clients=clients,
        brands=await administered(request, actor),
    )
