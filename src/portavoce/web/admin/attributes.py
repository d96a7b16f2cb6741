"""What one brand asks about its customers: its own attributes, in its own order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email.quarantine import quarantined_count
from portavoce.core.errors import Unprocessable
from portavoce.customers.attributes import KINDS
from portavoce.customers.defining import add_attribute, attributes, change_attribute, retire_attribute
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor, provide_admin_brand, provide_brand_db
from portavoce.web.admin.listing import brand_rows
from portavoce.web.admin.mistakes import errors_of
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.pages import page, shell

AnyRequest = Request[Any, Any, Any]
Lines = Annotated[str, msgspec.Meta(max_length=5_000, extra={"lines": True})]
OF_A_BRAND: Mapping[str, Provide] = {
    "granted": Provide(provide_admin_brand),
    "db": Provide(provide_brand_db),
}
ONE = "/admin/b/{brand:str}/attributes/{attribute_id:uuid}"


class AttributeForm(msgspec.Struct, kw_only=True):
    key: str
    label: Annotated[str, msgspec.Meta(max_length=80)]
    kind: str
    choices: Lines = ""
    masked: bool = False


class AttributeChangeForm(msgspec.Struct, kw_only=True):
    label: Annotated[str, msgspec.Meta(max_length=80)]
    choices: Lines = ""
    masked: bool = False
    position: Annotated[int, msgspec.Meta(ge=1, le=40)]


class AttributeController(Controller):
    path = "/admin/b/{brand:str}/attributes"
    dependencies = OF_A_BRAND

    @get("/")
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        saved: FromQuery[str] = "",
    ) -> Response[str]:
        return page(await _page(request, actor, granted, db, saved=bool(saved)))

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        form, errors, raw = await read(request, AttributeForm)
        if form is None:
            raise Rejected(422, html=await _page(request, actor, granted, db, form=raw, errors=errors))
        try:
            await add_attribute(
                db, key=form.key, label=form.label, kind=form.kind, choices=_lines(form.choices),
                masked=form.masked, by="admin",
            )  # fmt: skip
        except Unprocessable as problem:
            errors = errors_of(request, problem, known=set(AttributeForm.__struct_fields__))
            html = await _page(request, actor, granted, db, form=raw, errors=errors)
            raise Rejected(422, html=html) from problem
        return _back(granted)


class AttributeChangeController(Controller):
    path = ONE
    dependencies = OF_A_BRAND

    @post("/", status_code=303)
    async def update(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        attribute_id: FromPath[UUID],
    ) -> Redirect:
        form, errors, raw = await read(request, AttributeChangeForm)
        try:
            if form is not None:
                await change_attribute(
                    db, attribute_id, label=form.label, choices=_lines(form.choices), masked=form.masked,
                    position=form.position, by="admin",
                )  # fmt: skip
                return _back(granted)
        except Unprocessable as problem:
            errors = errors_of(request, problem, known=set(AttributeChangeForm.__struct_fields__))
        told = {"changed": attribute_id, "changed_form": raw, "changed_errors": errors}
        raise Rejected(422, html=await _page(request, actor, granted, db, **told))


class RetirementController(Controller):
    """Off the profile, or back on it: values stay."""

    path = f"{ONE}/retirement"
    dependencies = OF_A_BRAND

    @post("/", status_code=303)
    async def create(
        self,
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        attribute_id: FromPath[UUID],
    ) -> Redirect:
        await retire_attribute(db, attribute_id, retired=True, by="admin")
        return _back(granted)

    @post("/undo", status_code=303)
    async def undo(
        self,
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        attribute_id: FromPath[UUID],
    ) -> Redirect:
        await retire_attribute(db, attribute_id, retired=False, by="admin")
        return _back(granted)


ATTRIBUTES = (AttributeController, AttributeChangeController, RetirementController)


def _lines(text: str) -> list[str]:
    """Each option once, as it was first written."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _back(granted: Granted) -> Redirect:
    return Redirect(f"/admin/b/{granted.slug}/attributes?saved=1", status_code=303)


async def _page(request: AnyRequest, actor: Actor, granted: Granted, db: AsyncSession, **said: Any) -> str:
    (brand,) = await brand_rows(db, [granted.brand_id])
    plain: dict[str, Any] = {
        "form": {}, "errors": {}, "saved": False, "changed": None, "changed_form": {}, "changed_errors": {},
    }  # fmt: skip
    return shell(
        request,
        actor,
        "admin/attributes.html",
        current="/admin/brands",
        brand=brand,
        kinds=KINDS,
        attributes=await attributes(db),
        waiting=await quarantined_count(db),
        **{**plain, **said},
    )
