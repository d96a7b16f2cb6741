"""`/portal/{brand}/schedules`: which reports leave by mail, when and to whom. The client decides, for its own people.

Read as `app`: who gets a report is a person, and of these reports know nothing.
"""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Response, post, route
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.identity.granting import Granted
from portavoce.reporting.errors import BadSchedule
from portavoce.reporting.layouts import layouts_of
from portavoce.reporting.mailing.schedules import (
    FORMATS,
    Wish,
    end_schedule,
    latest_mailings,
    make_schedule,
    readers_of,
    schedules_of,
)
from portavoce.web.access import Actor, provide_brand_db
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest, page
from portavoce.web.portal.brands import READ
from portavoce.web.portal.pages import DATA, work_page

NO_TIME = N_("Write a time of day, for example 08:30.")
NOBODY = N_("Choose who gets the report.")


class ScheduleForm(msgspec.Struct, kw_only=True):
    rhythm: Literal["daily", "weekly", "monthly"]
    leaves: Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", extra={"message": NO_TIME})]
    language: Literal["it", "en"]
    formats: list[Literal["pdf", "xlsx", "csv"]]
    layout_id: UUID | None = None
    recipient: Annotated[list[UUID], msgspec.Meta(max_length=50, extra={"message": NOBODY})]


class ScheduleController(Controller):
    path = "/{brand:str}/schedules"
    dependencies = {"db": Provide(provide_brand_db)}

    @route("/", http_method=READ)
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Response[str]:
        return page(await _page(request, db, actor, granted, None, {}, {}))

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        form, errors, raw = await read(request, ScheduleForm)
        chosen = await _chosen(request)
        if form is None:
            raise Rejected(422, html=await _page(request, db, actor, granted, chosen, raw, errors))
        hour, _, minute = form.leaves.partition(":")
        leaves = int(hour) * 60 + int(minute)
        wish = Wish(form.rhythm, leaves, form.formats, form.language, form.recipient, form.layout_id)
        try:
            await make_schedule(db, wish, person_id=actor.person_id)
        except BadSchedule as error:
            told = dict.fromkeys(error.fields, words_for(request).gettext(error.message))
            html = await _page(request, db, actor, granted, chosen, raw, told)
            raise Rejected(422, html=html) from error
        return Redirect(f"/portal/{granted.slug}/schedules", status_code=303)

    @post("/{schedule_id:uuid}/removal", status_code=303)
    async def remove(
        self,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        schedule_id: FromPath[UUID],
    ) -> Redirect:
        await end_schedule(db, schedule_id, person_id=actor.person_id)
        return Redirect(f"/portal/{granted.slug}/schedules", status_code=303)


async def _chosen(request: AnyRequest) -> set[str]:
    """What was ticked, to be ticked again."""
    sent = await request.form()
    return {str(value) for name in ("formats", "recipient") for value in sent.getall(name, [])}


async def _page(
    request: AnyRequest, db: AsyncSession, actor: Actor, granted: Granted, chosen: set[str] | None,
    form: dict[str, str], errors: dict[str, str],
) -> str:  # fmt: skip
    """`chosen` is None before anything was sent: then the person themselves and the PDF are."""
    return await work_page(
        request,
        db,
        actor,
        granted,
        DATA,
        "portal/schedules.html",
        schedules=await schedules_of(db),
        mailings=await latest_mailings(db),
        readers=[(str(each.id), each.name) for each in await readers_of(db, granted.brand_id)],
        layouts=[(str(each.id), each.name) for each in await layouts_of(db)],
        formats=FORMATS,
        chosen={"pdf", str(actor.person_id)} if chosen is None else chosen,
        form={"rhythm": "monthly", "leaves": "08:00", "language": actor.locale, **form},
        errors=errors,
    )
