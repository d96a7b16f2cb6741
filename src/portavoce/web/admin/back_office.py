"""One brand: who of its client answers agents' questions or approves replies, and how soon the client promised to."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit, audit_house
from portavoce.channels.email.quarantine import quarantined_count
from portavoce.contracts.promising import APPROVAL, BACK_OFFICE, promise_of_client, promised_by_client
from portavoce.conversations.approvals.asking import ROLE as APPROVER
from portavoce.conversations.back_office.asking import ROLE as ANSWERER
from portavoce.identity.granting import Granted, holders
from portavoce.web.access import Actor, provide_admin_brand, provide_brand_db
from portavoce.web.admin.listing import brand_rows, calendar_options
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.pages import page, shell

AnyRequest = Request[Any, Any, Any]
HOUR = timedelta(hours=1)


class BackOfficeForm(msgspec.Struct, kw_only=True):
    """`hours` of open time; blank: no target."""

    calendar: UUID
    hours: Annotated[int, msgspec.Meta(ge=1, le=400)] | None = None


class BackOfficeController(Controller):
    """`place`: its last part of the address; `metric` and `role`: what is promised, and whose work it is."""

    path = "/admin/b/{brand:str}/back-office"
    place, metric, role = "back-office", BACK_OFFICE, ANSWERER
    dependencies = {"granted": provide_admin_brand, "db": provide_brand_db}

    @get("/")
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        saved: FromQuery[str] = "",
    ) -> Response[str]:
        promised = await promised_by_client(db, self.metric)
        form = {"hours": str(promised[0] // HOUR), "calendar": str(promised[1])} if promised else {}
        return page(await self._page(request, actor, granted, db, form, {}, saved=bool(saved)))

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        form, errors, raw = await read(request, BackOfficeForm)
        known = {value for value, _ in await calendar_options(db)}
        if form is not None and str(form.calendar) not in known:
            errors = {"calendar": words_for(request).gettext("Choose one of the options shown.")}
        if form is None or errors:
            raise Rejected(422, html=await self._page(request, actor, granted, db, raw, errors))
        await promise_of_client(db, self.metric, form.hours * HOUR if form.hours else None, form.calendar)
        audit(db, "admin", f"{self.metric}.promised", "brand", granted.brand_id, hours=form.hours)
        audit_house(db, actor.person_id, f"{self.metric}.promised", "brand", granted.brand_id)
        return Redirect(f"/admin/b/{granted.slug}/{self.place}?saved=1", status_code=303)

    async def _page(
        self,
        request: AnyRequest,
        actor: Actor,
        granted: Granted,
        db: AsyncSession,
        form: dict[str, str],
        errors: dict[str, str],
        *,
        saved: bool = False,
    ) -> str:
        (brand,) = await brand_rows(db, [granted.brand_id])
        return shell(
            request,
            actor,
            "admin/back_office.html",
            current="/admin/brands",
            place=self.place,
            brand=brand,
            waiting=await quarantined_count(db),
            calendars=await calendar_options(db),
            people=await holders(db, self.role, granted.brand_id),
            form=form,
            errors=errors,
            saved=saved,
        )


class ApprovalController(BackOfficeController):
    """Which replies need it is a rule of the line; see `admin.wrap_up`."""

    path = "/admin/b/{brand:str}/approvals"
    place, metric, role = "approvals", APPROVAL, APPROVER


CLIENTS_PEOPLE = (BackOfficeController, ApprovalController)
