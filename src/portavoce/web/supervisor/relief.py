"""`/s/b/{brand}/relief`: propose to the client that an event excuses what was late, and take it back while it is open."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit_house
from portavoce.brands.models import LineOfBusiness
from portavoce.calendars.errors import NoSuchMoment
from portavoce.calendars.moments import moment
from portavoce.core.unit import now
from portavoce.identity.granting import Granted
from portavoce.sla.relief.causes import Cause
from portavoce.sla.relief.deciding import withdraw
from portavoce.sla.relief.errors import BadRelief, Undecidable
from portavoce.sla.relief.proposing import Wish, propose
from portavoce.sla.relief.queries import contact_of_ticket, relief_row, relief_rows
from portavoce.sla.writing import CHANNELS
from portavoce.web.access import Actor, provide_brand_db, provide_supervised_brand
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest, page, shell
from portavoce.web.supervisor.brands import HOME, read_faces

HERE = "/b/{brand:str}/relief"
OF_A_BRAND = {"granted": Provide(provide_supervised_brand), "db": Provide(provide_brand_db)}
NO_MOMENT = N_("Write a day and a time of day that there is.")
NO_CONTACT = N_("No contact has this number.")


class ReliefForm(msgspec.Struct, kw_only=True):
    """Moments on the brand's clock; `ticket` is the number of the one contact that it is about, if any."""

    cause: Cause
    starts: Annotated[str, msgspec.Meta(max_length=40)]
    until: Annotated[str, msgspec.Meta(max_length=40)]
    evidence: Annotated[str, msgspec.Meta(extra={"lines": True})]
    lob_id: UUID | None = None
    channel: Annotated[str, msgspec.Meta(max_length=40)] = ""
    ticket: Annotated[int, msgspec.Meta(ge=1, le=1 << 53)] | None = None


class ReliefController(Controller):
    path = HERE
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
        told = {"rows": await relief_rows(db), "saved": saved}
        return page(await _page(request, actor, granted, db, "supervisor/reliefs.html", **told))

    @get("/new")
    async def new(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Response[str]:
        return page(await _form(request, actor, granted, db, {}, {}))

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        form, errors, raw = await read(request, ReliefForm)
        try:
            if form is not None:
                wish = await _wish(db, granted, form)
                event = await propose(db, request.app.state.house, wish, by=actor.person_id)
                audit_house(db, actor.person_id, "relief.proposed", "brand", granted.brand_id)
                return Redirect(f"{_here(granted)}/{event.id}?saved=proposed", status_code=303)
        except BadRelief as problem:
            words = words_for(request)
            told = problem.fields or {"": problem.message}
            errors = {field: words.gettext(advice) for field, advice in told.items()}
        raise Rejected(422, html=await _form(request, actor, granted, db, raw, errors))

    @get("/{relief_id:uuid}")
    async def show(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        relief_id: FromPath[UUID],
        saved: FromQuery[str] = "",
    ) -> Response[str]:
        return page(await _one(request, actor, granted, db, relief_id, saved=saved))


class RetractionController(Controller):
    path = f"{HERE}/{{relief_id:uuid}}/retraction"
    dependencies = OF_A_BRAND

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        relief_id: FromPath[UUID],
    ) -> Redirect:
        try:
            await withdraw(db, relief_id, by=actor.person_id)
        except Undecidable as error:
            problem = words_for(request).gettext(error.message)
            html = await _one(request, actor, granted, db, relief_id, problem=problem)
            raise Rejected(409, html=html) from error
        audit_house(db, actor.person_id, "relief.withdrawn", "brand", granted.brand_id)
        return Redirect(f"{_here(granted)}?saved=withdrawn", status_code=303)


def _here(granted: Granted) -> str:
    return f"{HOME}/b/{granted.slug}/relief"


async def _wish(db: AsyncSession, granted: Granted, form: ReliefForm) -> Wish:
    """BadRelief for moments that there are not, and for the number of no contact."""
    (brand,) = await read_faces(db, [granted.brand_id])
    moments = {name: _moment(getattr(form, name), brand.zone) for name in ("starts", "until")}
    errors = {name: NO_MOMENT for name, at in moments.items() if at is None}
    contact = None if form.ticket is None else await contact_of_ticket(db, form.ticket)
    if form.ticket is not None and contact is None:
        errors["ticket"] = NO_CONTACT
    starts, until = moments["starts"], moments["until"]
    if errors or starts is None or until is None:
        raise BadRelief("Check the fields below.", **errors)
    return Wish(form.cause, starts, until, form.evidence, form.lob_id, form.channel or None, contact)


def _moment(text: str, zone: str) -> datetime | None:
    try:
        return moment(text, zone)
    except (NoSuchMoment, OverflowError):
        return None


async def _one(
    request: AnyRequest, actor: Actor, granted: Granted, db: AsyncSession, relief_id: UUID, *,
    saved: str = "", problem: str = "",
) -> str:  # fmt: skip
    told = {"row": await relief_row(db, relief_id), "saved": saved, "problem": problem, "now": now(db)}
    return await _page(request, actor, granted, db, "supervisor/relief.html", **told)


async def _form(
    request: AnyRequest, actor: Actor, granted: Granted, db: AsyncSession, form: dict[str, str],
    errors: dict[str, str],
) -> str:  # fmt: skip
    query = select(LineOfBusiness.id, LineOfBusiness.name).order_by(LineOfBusiness.name)
    lines = [(str(lob_id), name) for lob_id, name in await db.execute(query)]
    told = {"lines": lines, "causes": list(Cause), "channels": CHANNELS, "form": form, "errors": errors}
    return await _page(request, actor, granted, db, "supervisor/new_relief.html", **told)


async def _page(
    request: AnyRequest, actor: Actor, granted: Granted, db: AsyncSession, name: str, **context: object
) -> str:
    (brand,) = await read_faces(db, [granted.brand_id])
    return shell(request, actor, name, current=HOME, brand=brand, **context)


RELIEF = (ReliefController, RetractionController)
