"""One brand: the addresses at which it is reached, and its opening hours."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.channels.email.mailboxes import add_mailbox, mailboxes
from portavoce.channels.email.quarantine import quarantined_count
from portavoce.core.errors import Unprocessable
from portavoce.core.unit import now
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor, provide_admin_brand, provide_brand_db
from portavoce.web.admin.listing import brand_rows, line_options, opening_hours
from portavoce.web.admin.mistakes import errors_of
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.pages import page, shell

AnyRequest = Request[Any, Any, Any]


class AddressForm(msgspec.Struct, kw_only=True):
    address: Annotated[str, msgspec.Meta(max_length=254)]
    lob_id: UUID
    display_name: Annotated[str, msgspec.Meta(min_length=2, max_length=80)]
    signature: Annotated[str, msgspec.Meta(max_length=1000, extra={"lines": True})] = ""


class AddressController(Controller):
    path = "/admin/b/{brand:str}/addresses"
    dependencies = {"granted": provide_admin_brand, "db": provide_brand_db}

    @get("/")
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Response[str]:
        return page(await _list(request, actor, granted, db, {}, {}))

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        form, errors, raw = await read(request, AddressForm)
        lines = [line for line, _ in await line_options(db)]
        if form is not None and str(form.lob_id) not in lines:
            errors = {"lob_id": words_for(request).gettext("Choose one of the options shown.")}
        if form is None or errors:
            raise Rejected(422, html=await _list(request, actor, granted, db, raw, errors))
        try:
            mailbox = await add_mailbox(db, form.address, form.lob_id, form.display_name, form.signature)
        except Unprocessable as problem:
            errors = errors_of(request, problem, known=set(AddressForm.__struct_fields__))
            raise Rejected(422, html=await _list(request, actor, granted, db, raw, errors)) from problem
        audit(db, "admin", "address.added", "mailbox", mailbox.id)
        return Redirect(f"/admin/b/{granted.slug}/addresses", status_code=303)


async def _list(
    request: AnyRequest,
    actor: Actor,
    granted: Granted,
    db: AsyncSession,
    form: dict[str, str],
    errors: dict[str, str],
) -> str:
    (brand,) = await brand_rows(db, [granted.brand_id])
    translated = words_for(request).gettext
    return shell(
        request,
        actor,
        "admin/addresses.html",
        current="/admin/brands",
        brand=brand,
        mailboxes=await mailboxes(db),
        lines=[(line, translated(name)) for line, name in await line_options(db)],
        calendars=await opening_hours(db, now(db)),
        waiting=await quarantined_count(db),
        form={"display_name": brand.name, **form},
        errors=errors,
    )
