"""One brand: its calendars, what is in force and ahead, and a new version of one, previewed before it is published."""

from __future__ import annotations

import asyncio
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit_house
from portavoce.calendars.documents import Document
from portavoce.calendars.errors import BadCalendar
from portavoce.calendars.publishing import open_calendar, publish
from portavoce.channels.email.quarantine import quarantined_count
from portavoce.identity.granting import Granted
from portavoce.onboarding.brands import OFFICE_HOURS
from portavoce.web.access import Actor, provide_admin_brand, provide_brand_db
from portavoce.web.admin.calendar_forms import CalendarForm, document_of, field_of, places, typed
from portavoce.web.admin.calendar_pages import Preview, Shown, calendar_of, calendars_of, preview
from portavoce.web.admin.listing import brand_rows
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import locale_of, words_for
from portavoce.web.pages import page, shell

AnyRequest = Request[Any, Any, Any]


class CalendarController(Controller):
    """What is posted is previewed first; the same again with its mark is published."""

    path = "/admin/b/{brand:str}/calendars"
    dependencies = {"granted": Provide(provide_admin_brand), "db": Provide(provide_brand_db)}

    @get("/")
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        saved: FromQuery[str] = "",
    ) -> Response[str]:
        show = partial(_shell, request, actor, granted, db, "admin/calendars.html")
        return page(await show(calendars=await calendars_of(db), saved=bool(saved)))

    @get("/new")
    async def show_new(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Response[str]:
        (brand,) = await brand_rows(db, [granted.brand_id])
        form = typed(Document(zone=brand.zone, weekly=OFFICE_HOURS), date.min)
        return page(await _form(request, actor, granted, db, None, form))

    @post("/", status_code=200)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Response[str] | Redirect:
        return await _answer(request, actor, granted, db, None)

    @get("/{calendar_id:uuid}")
    async def show(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        calendar_id: FromPath[UUID],
    ) -> Response[str]:
        calendar = await calendar_of(db, calendar_id)
        form = typed((calendar.next or calendar.present).document, calendar.today)
        return page(await _form(request, actor, granted, db, calendar, form))

    @post("/{calendar_id:uuid}", status_code=200)
    async def publish(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        calendar_id: FromPath[UUID],
    ) -> Response[str] | Redirect:
        return await _answer(request, actor, granted, db, await calendar_of(db, calendar_id))


async def _answer(
    request: AnyRequest, actor: Actor, granted: Granted, db: AsyncSession, calendar: Shown | None
) -> Response[str] | Redirect:
    form, errors, raw = await read(request, CalendarForm)
    show = partial(_form, request, actor, granted, db, calendar)
    document = None
    if form is not None:
        document, errors = document_of(form, words_for(request))
    if form is None or document is None:
        raise Rejected(422, html=await show(raw, errors=errors))
    try:
        seen = await preview(db, calendar.id if calendar else None, document, form.starts)
        if form.act != "publish" or form.seen != seen.mark:
            return page(await show(raw, seen=seen))
        await _publish(db, actor, calendar, form, document)
    except BadCalendar as problem:
        words = words_for(request)
        errors = {field_of(name): words.gettext(text) for name, text in problem.fields.items()}
        raise Rejected(422, html=await show(raw, errors=errors)) from problem
    return Redirect(f"/admin/b/{granted.slug}/calendars?saved=1", status_code=303)


async def _publish(
    db: AsyncSession, actor: Actor, calendar: Shown | None, form: Any, document: Document
) -> None:
    if calendar is None:
        opened = await open_calendar(db, form.name, document, form.starts, by=actor.person_id)
        audit_house(db, actor.person_id, "calendar.added", "calendar", opened.id)
    else:
        version = await publish(db, calendar.id, document, form.starts, by=actor.person_id)
        audit_house(db, actor.person_id, "calendar.published", "calendar_version", version.id)


async def _form(
    request: AnyRequest, actor: Actor, granted: Granted, db: AsyncSession, calendar: Shown | None,
    form: dict[str, str], *, errors: dict[str, str] | None = None, seen: Preview | None = None,
) -> str:  # fmt: skip
    return await _shell(
        request, actor, granted, db, "admin/calendar.html",
        calendar=calendar,
        form=form,
        errors=errors or {},
        seen=seen,
        places=await asyncio.to_thread(places, locale_of(request)),
        zones=sorted(available_timezones()),
    )  # fmt: skip


async def _shell(
    request: AnyRequest, actor: Actor, granted: Granted, db: AsyncSession, name: str, **shown: Any
) -> str:
    (brand,) = await brand_rows(db, [granted.brand_id])
    return shell(
        request,
        actor,
        name,
        current="/admin/brands",
        brand=brand,
        waiting=await quarantined_count(db),
        **shown,
    )
