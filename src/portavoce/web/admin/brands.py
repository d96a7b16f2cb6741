"""The brands an administrator answers for, and a new one."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from portavoce.brands.adding import BrandLook
from portavoce.brands.errors import NoBrand
from portavoce.brands.looks import RULES
from portavoce.core.errors import Unprocessable
from portavoce.core.scope import HOUSE, Scope
from portavoce.onboarding.brands import add_brand
from portavoce.web.access import ADMIN_ROLES, Actor, house_admin
from portavoce.web.admin.calendar_forms import places
from portavoce.web.admin.listing import address_counts, brand_rows, client_rows, quarantine_counts
from portavoce.web.admin.mistakes import errors_of
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import locale_of
from portavoce.web.pages import page, shell

AnyRequest = Request[Any, Any, Any]
HERE = "/admin/brands"
START = {"accent": "#2f63c7", "shape": "circle", "language": "it", "zone": "Europe/Rome", "place": "IT"}


class BrandForm(msgspec.Struct, kw_only=True):
    client_id: UUID
    name: Annotated[str, msgspec.Meta(min_length=2, max_length=80)]
    slug: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$", extra={"message": RULES["slug"].advice}
        ),
    ]
    accent: Annotated[
        str, msgspec.Meta(pattern="^#[0-9a-fA-F]{6}$", extra={"message": RULES["accent"].advice})
    ]
    shape: Literal["circle", "square", "leaf", "hex", "shield"]
    monogram: Annotated[str, msgspec.Meta(min_length=1, max_length=2)]
    voice: Annotated[str, msgspec.Meta(max_length=400, extra={"lines": True})] = ""
    language: Literal["it", "en"]
    zone: Annotated[str, msgspec.Meta(max_length=60)]
    place: Annotated[str, msgspec.Meta(max_length=12)] = ""


class BrandController(Controller):
    path = HERE

    @get("/")
    async def index(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Response[str]:
        brands = actor.brands(ADMIN_ROLES)
        rows, counts, addresses = [], {}, {}
        if brands:
            async with request.app.state.database.begin(Scope.reading(brands)) as db:
                rows, counts = await brand_rows(db, brands), await quarantine_counts(db)
                addresses = await address_counts(db)
        return page(
            shell(
                request,
                actor,
                "admin/brands.html",
                current=HERE,
                brands=rows,
                counts=counts,
                addresses=addresses,
            )
        )

    @get("/new", guards=[house_admin])
    async def show(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Response[str]:
        return page(await _form(request, actor, START, {}))

    @post("/", guards=[house_admin], status_code=303)
    async def create(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Redirect:
        form, errors, raw = await read(request, BrandForm)
        if form is None:
            raise Rejected(422, html=await _form(request, actor, raw, errors))
        try:
            await add_brand(
                request.app.state.database,
                client_id=form.client_id,
                look=_look(form),
                by=actor.person_id,
                place=form.place,
            )
        except (Unprocessable, NoBrand) as problem:
            errors = errors_of(request, problem, known=set(BrandForm.__struct_fields__))
            raise Rejected(422, html=await _form(request, actor, raw, errors)) from problem
        return Redirect(f"/admin/b/{form.slug}/addresses", status_code=303)


async def _form(request: AnyRequest, actor: Actor, form: dict[str, str], errors: dict[str, str]) -> str:
    async with request.app.state.database.begin(HOUSE) as db:
        clients = [(str(row.id), row.name) for row in await client_rows(db)]
    return shell(
        request,
        actor,
        "admin/new_brand.html",
        current=HERE,
        form=form,
        errors=errors,
        clients=clients,
        places=await asyncio.to_thread(places, locale_of(request)),
    )


def _look(form: BrandForm) -> BrandLook:
    return BrandLook(
        slug=form.slug,
        name=form.name,
        accent=form.accent,
        shape=form.shape,
        monogram=form.monogram.upper(),
        voice=form.voice,
        language=form.language,
        zone=form.zone,
    )
