"""One person: their roles, brand by brand; giving one, taking one."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from portavoce.core.errors import Unprocessable
from portavoce.core.scope import HOUSE, Scope
from portavoce.identity.models import ROLES
from portavoce.identity.people import person
from portavoce.identity.policy import roles_of_employer
from portavoce.identity.signing_in import SignedIn, begin_session
from portavoce.onboarding.people import give_role, take_role
from portavoce.web.access import ADMIN_ROLES, MISSING, Actor, NotGranted, house_admin
from portavoce.web.address import client_address
from portavoce.web.admin.listing import BrandRow, brand_rows, role_rows
from portavoce.web.admin.mistakes import errors_of
from portavoce.web.entering import signed_in_answer
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.pages import page, shell

AnyRequest = Request[Any, Any, Any]
NOT_ADMINISTERED = "role at another brand"


class RoleForm(msgspec.Struct, kw_only=True):
    role: Literal[
        "agent", "supervisor", "admin", "client_viewer", "client_approver", "client_back_office", "client_lead_taker",
        "client_shop_clerk",
    ]  # fmt: skip
    brand: UUID


class RoleController(Controller):
    path = "/admin/people/{person_id:uuid}"
    guards = (house_admin,)

    @get("/")
    async def show(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        person_id: FromPath[UUID],
        invited: FromQuery[str] = "",
        moved: FromQuery[str] = "",
    ) -> Response[str]:
        done = "invited" if invited else "moved" if moved else ""
        return page(await person_page(request, actor, person_id, {}, {}, done=done))

    @post("/roles", status_code=303)
    async def create(
        self, request: AnyRequest, actor: NamedDependency[Actor], person_id: FromPath[UUID]
    ) -> Redirect:
        form, errors, raw = await read(request, RoleForm)
        denied = form is not None and form.brand not in actor.brands(ADMIN_ROLES)
        if denied:
            errors = {"brand": words_for(request).gettext("Choose one of the options shown.")}
        if form is None or errors:
            html = await person_page(request, actor, person_id, raw, errors)
            raise Rejected(422, html=html, denied=NOT_ADMINISTERED if denied else "")
        state = request.app.state
        try:
            await give_role(
                state.database,
                state.house,
                person_id=person_id,
                role=form.role,
                brand_id=form.brand,
                by=actor.person_id,
            )
        except Unprocessable as problem:
            errors = errors_of(request, problem, known=set(RoleForm.__struct_fields__))
            raise Rejected(422, html=await person_page(request, actor, person_id, raw, errors)) from problem
        return await _done(request, actor, person_id)


class RevocationController(Controller):
    """Taking a role: only at a brand one administers, or of the house itself."""

    path = "/admin/people/{person_id:uuid}/roles/{role_id:uuid}/revocation"
    guards = (house_admin,)

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        person_id: FromPath[UUID],
        role_id: FromPath[UUID],
    ) -> Redirect:
        database = request.app.state.database
        async with database.begin(HOUSE) as db:
            rows = {row.id: row for row in await role_rows(db, person_id)}
        given = rows.get(role_id)
        if given is None or (given.brand_id and given.brand_id not in actor.brands(ADMIN_ROLES)):
            raise NotGranted(MISSING)
        await take_role(database, person_id=person_id, grant_id=role_id, by=actor.person_id)
        return await _done(request, actor, person_id)


async def _done(request: AnyRequest, actor: Actor, person_id: UUID) -> Redirect:
    """Back to the person. Who changed their own rights goes on in a new session: the old one ended with them."""
    here = f"/admin/people/{person_id}"
    if person_id != actor.person_id:
        return Redirect(here, status_code=303)
    async with request.app.state.database.begin(HOUSE) as db:
        token = await begin_session(db, actor.person_id, client_address(request))
    return signed_in_answer(request, SignedIn(actor.person_id, actor.locale, token), here)


async def administered(request: AnyRequest, actor: Actor) -> list[BrandRow]:
    """The brands whose roles this administrator may give."""
    brands = actor.brands(ADMIN_ROLES)
    if not brands:
        return []
    async with request.app.state.database.begin(Scope.reading(brands)) as db:
        return await brand_rows(db, brands)


async def person_page(
    request: AnyRequest,
    actor: Actor,
    person_id: UUID,
    form: dict[str, str],
    errors: dict[str, str],
    *,
    done: str = "",
) -> str:
    """`done` says what has just happened: invited, moved, or nothing."""
    async with request.app.state.database.begin(HOUSE) as db:
        found, roles = await person(db, person_id), await role_rows(db, person_id)
    brands = await administered(request, actor)
    own = [brand for brand in brands if found.client_id in (None, brand.client_id)]
    return shell(
        request,
        actor,
        "admin/person.html",
        current="/admin/people",
        found=found,
        roles=roles,
        brands=own,
        by_id={brand.id: brand for brand in brands},
        choices=[role for role in ROLES if role in roles_of_employer(found.client_id)],
        done=done,
        form=form,
        errors=errors,
    )
