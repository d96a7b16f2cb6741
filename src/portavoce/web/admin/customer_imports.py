"""Customers from a file: uploaded, its columns chosen, looked through without changing anything, then brought in or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit_house
from portavoce.core.errors import Problem
from portavoce.customers.importing.beginning import bring_file, choose_mapping, put_away, start
from portavoce.customers.importing.errors import BadFile, BadMapping, NotNow
from portavoce.customers.importing.fields import IGNORED
from portavoce.customers.importing.reading import LARGEST
from portavoce.identity.granting import Granted
from portavoce.web.access import PASSIVE, Actor, provide_admin_brand, provide_brand_db
from portavoce.web.admin.import_pages import list_page, one_page, state_fragment
from portavoce.web.csrf import UPLOAD
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import page

AnyRequest = Request[Any, Any, Any]
OF_A_BRAND: Mapping[str, Provide] = {
    "granted": Provide(provide_admin_brand),
    "db": Provide(provide_brand_db),
}
HERE = "/admin/b/{brand:str}/customer-imports"
ONE = f"{HERE}/{{import_id:uuid}}"
LARGEST_BODY = LARGEST + 3 * 1024 * 1024
"""Beyond the largest file, so that one that is a little too large is told so in words."""
NOTHING = N_("Choose a file, or paste lines of a spreadsheet.")
PASTED = "pasted.csv"
IGNORED_CHOICE = "-"
"""In the form: a field that is left blank is not sent."""


class PastedForm(msgspec.Struct, kw_only=True):
    pasted: Annotated[str, msgspec.Meta(extra={"lines": True})] = ""


class MappingForm(msgspec.Struct, kw_only=True):
    mapping: Annotated[list[str], msgspec.Meta(max_length=60)]


class CustomerImportController(Controller):
    path = HERE
    dependencies = OF_A_BRAND

    @get("/")
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Response[str]:
        return page(await list_page(request, actor, granted, db))

    @post("/", status_code=303, request_max_body_size=LARGEST_BODY, opt={UPLOAD: True})
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        name, content, errors = await _sent(request)
        try:
            if errors:
                raise Rejected(422, html=await list_page(request, actor, granted, db, errors=errors))
            import_id = await bring_file(db, request.app.state.storage, content, name)
        except BadFile as problem:
            told = {"file": words_for(request).gettext(problem.message, **problem.fields)}
            html = await list_page(request, actor, granted, db, errors=told)
            raise Rejected(422, html=html) from problem
        audit_house(db, actor.person_id, "customers.uploaded", "brand", granted.brand_id)
        return _to(granted, import_id)


class ImportController(Controller):
    path = ONE
    dependencies = OF_A_BRAND

    @get("/")
    async def show(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        import_id: FromPath[UUID],
        what: FromQuery[str] = "",
        number: FromQuery[int] = 1,
    ) -> Response[str]:
        return page(await one_page(request, actor, granted, db, import_id, what=what, number=number))

    @get("/state", opt={PASSIVE: True})
    async def state(
        self,
        request: AnyRequest,
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        import_id: FromPath[UUID],
    ) -> Response[str]:
        """How far it is, for a page that waits; at the end the page is led to itself."""
        html, has_ended = await state_fragment(request, granted, db, import_id)
        answer = page(html)
        if has_ended:
            answer.headers["HX-Redirect"] = _to(granted, import_id).url
        return answer

    @post("/dry-run", status_code=303)
    async def dry_run(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        import_id: FromPath[UUID],
    ) -> Redirect:
        form, errors, _ = await read(request, MappingForm)
        try:
            chosen = [] if form is None else [_field(each) for each in form.mapping]
            await choose_mapping(db, import_id, chosen)
        except (BadMapping, NotNow) as problem:
            told = errors or {"mapping": words_for(request).gettext(problem.message)}
            html = await one_page(request, actor, granted, db, import_id, errors=told, chosen=chosen)
            raise Rejected(problem.status, html=html) from problem
        return _to(granted, import_id)

    @post("/run", status_code=303)
    async def run(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        import_id: FromPath[UUID],
    ) -> Redirect:
        try:
            await start(db, import_id)
        except NotNow as problem:
            raise await _refused(request, actor, granted, db, import_id, problem) from problem
        audit_house(db, actor.person_id, "customers.import_started", "brand", granted.brand_id)
        return _to(granted, import_id)

    @post("/removal", status_code=303)
    async def remove(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        import_id: FromPath[UUID],
    ) -> Redirect:
        try:
            await put_away(db, import_id)
        except NotNow as problem:
            raise await _refused(request, actor, granted, db, import_id, problem) from problem
        return Redirect(f"/admin/b/{granted.slug}/customer-imports", status_code=303)


IMPORTS = (CustomerImportController, ImportController)


async def _sent(request: AnyRequest) -> tuple[str, bytes, dict[str, str]]:
    """Name and content of the file, or of what was pasted."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        form, errors, _ = await read(request, PastedForm)
        text = "" if form is None else form.pasted
        return PASTED, text.encode(), errors or _missing(request, text)
    sent = await request.form()
    files = [
        (each.filename, await _read(each)) for _, each in sent.multi_items() if isinstance(each, UploadFile)
    ]
    if files and files[0][0]:
        return *files[0], {}
    text = sent.get("pasted", "")
    text = text if isinstance(text, str) else ""
    return PASTED, text.encode("utf-8", "replace"), _missing(request, text)


async def _read(file: UploadFile) -> bytes:
    try:
        return await file.read()
    finally:
        await file.close()


def _missing(request: AnyRequest, text: str) -> dict[str, str]:
    return {} if text.strip() else {"file": words_for(request).gettext(NOTHING)}


def _field(chosen: str) -> str:
    return IGNORED if chosen == IGNORED_CHOICE else chosen


async def _refused(
    request: AnyRequest, actor: Actor, granted: Granted, db: AsyncSession, import_id: UUID, problem: Problem
) -> Rejected:
    told = {"": words_for(request).gettext(problem.message)}
    return Rejected(409, html=await one_page(request, actor, granted, db, import_id, errors=told))


def _to(granted: Granted, import_id: UUID) -> Redirect:
    return Redirect(f"/admin/b/{granted.slug}/customer-imports/{import_id}", status_code=303)
