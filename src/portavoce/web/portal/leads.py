"""`/portal/{brand}/leads`: what agents pass on to the client's sales, who takes it, what became of it. Nothing else of
the brand, and of a customer only what the agent let be seen, for who has taken the lead.
"""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Response, post, route
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.leads.errors import BadLead, TakenByOther
from portavoce.conversations.leads.queries import addresses_for, ended_leads, lead_row, open_leads
from portavoce.conversations.leads.taking import end_lead, take_lead
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor, provide_brand_db, provide_lead_brand
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.pages import AnyRequest, page
from portavoce.web.portal.brands import READ
from portavoce.web.portal.pages import LEADS, work_page

HERE = "/{brand:str}/leads"
OF_THE_TAKER = {"granted": Provide(provide_lead_brand), "db": Provide(provide_brand_db)}


class ResultForm(msgspec.Struct):
    result: Literal["won", "lost", "unreachable"]
    note: Annotated[str, msgspec.Meta(extra={"lines": True})] = ""


class LeadController(Controller):
    path = HERE
    dependencies = OF_THE_TAKER

    @route("/", http_method=READ)
    async def index(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        sent: FromQuery[str] = "",
    ) -> Response[str]:
        told = {"leads": await open_leads(db), "ended": await ended_leads(db), "sent": bool(sent)}
        return page(await work_page(request, db, actor, granted, LEADS, "portal/leads.html", **told))

    @route("/{lead_id:uuid}", http_method=READ)
    async def show(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        lead_id: FromPath[UUID],
    ) -> Response[str]:
        return page(await _one(request, db, actor, granted, lead_id, {}, {}))

    @post("/{lead_id:uuid}/taking", status_code=303)
    async def take(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        lead_id: FromPath[UUID],
    ) -> Redirect:
        """Who is late sees who was faster."""
        try:
            await take_lead(db, lead_id, person_id=actor.person_id)
        except TakenByOther as error:
            told = {"": words_for(request).gettext(error.message)}
            raise Rejected(409, html=await _one(request, db, actor, granted, lead_id, {}, told)) from error
        return Redirect(f"/portal/{granted.slug}/leads/{lead_id}", status_code=303)

    @post("/{lead_id:uuid}/result", status_code=303)
    async def end(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        lead_id: FromPath[UUID],
    ) -> Redirect:
        form, errors, raw = await read(request, ResultForm)
        if form is None:
            raise Rejected(422, html=await _one(request, db, actor, granted, lead_id, raw, errors))
        try:
            await end_lead(db, lead_id, form.result, form.note, person_id=actor.person_id)
        except TakenByOther as error:
            told = {"": words_for(request).gettext(error.message)}
            raise Rejected(409, html=await _one(request, db, actor, granted, lead_id, raw, told)) from error
        except BadLead as error:
            told = {name: words_for(request).gettext(error.message) for name in error.fields}
            raise Rejected(422, html=await _one(request, db, actor, granted, lead_id, raw, told)) from error
        return Redirect(f"/portal/{granted.slug}/leads?sent=1", status_code=303)


async def _one(
    request: AnyRequest, db: AsyncSession, actor: Actor, granted: Granted, lead_id: UUID,
    form: dict[str, str], errors: dict[str, str],
) -> str:  # fmt: skip
    lead = await lead_row(db, lead_id)
    told = {"addresses": await addresses_for(db, lead, actor.person_id), "form": form, "errors": errors}
    mine = lead.taken_by == actor.person_id
    return await work_page(
        request, db, actor, granted, LEADS, "portal/lead.html", lead=lead, mine=mine, **told
    )


LEADS_OF_THE_CLIENT = (LeadController,)
