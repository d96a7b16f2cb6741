"""Promise the customer something, or a call back; say what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.brands.faces import faces
from portavoce.calendars.errors import NoSuchMoment
from portavoce.calendars.moments import moment
from portavoce.conversations.aftercare import Promise
from portavoce.conversations.errors import BadMoment, BadPromise
from portavoce.conversations.promise_queries import promises_of
from portavoce.conversations.promising import promise, settle
from portavoce.core.unit import now
from portavoce.identity.granting import Granted
from portavoce.web.desk.contact import Contact, read_contact
from portavoce.web.desk.items import contact_url
from portavoce.web.desk.me import OF_THE_CONTACT
from portavoce.web.desk.messages import CONTACT
from portavoce.web.desk.pages import html, moved, says, wants_page
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest, render

NO_MOMENT = N_("Choose a moment, or write the day and the time.")


class PromiseForm(msgspec.Struct):
    """`due`: one of the moments offered, on the brand's clock; `at`: another one, which then counts."""

    kind: str
    text: str = ""
    due: str = ""
    at: str = ""


class SettlementForm(msgspec.Struct):
    state: str


class PromiseController(Controller):
    path = f"{CONTACT}/promises"
    dependencies = OF_THE_CONTACT

    @post(status_code=200)
    async def create(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        granted: NamedDependency[Granted],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
    ) -> Response[Any]:
        contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
        form, errors, raw = await read(request, PromiseForm)
        if form is None:
            raise _again(request, contact, raw, errors, now(db))
        try:
            due_at = moment(form.at or form.due, contact.brand.zone)
            made = await promise(db, interaction_id, form.kind, form.text, due_at, by=me)
        except NoSuchMoment as error:
            raise _again(request, contact, raw, {"due": NO_MOMENT}, now(db)) from error
        except (BadPromise, BadMoment) as error:
            field = next(iter(error.fields))
            raise _again(request, contact, raw, {field: error.message}, now(db)) from error
        return await _shown(request, db, granted, made, {"close-dialog": {"id": "promise"}})


class SettlementController(Controller):
    path = "/b/{brand:str}/promises/{promise_id:uuid}/settlement"
    dependencies = OF_THE_CONTACT

    @post(status_code=200)
    async def create(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        granted: NamedDependency[Granted],
        me: NamedDependency[BrandAgent],
        promise_id: FromPath[UUID],
    ) -> Response[Any]:
        form, _, raw = await read(request, SettlementForm)
        made = await settle(db, promise_id, form.state if form else raw.get("state", ""), by=me)
        return await _shown(request, db, granted, made, {})


PROMISES = (PromiseController, SettlementController)


async def _shown(
    request: AnyRequest,
    db: AsyncSession,
    granted: Granted,
    made: Promise,
    events: dict[str, dict[str, object]],
) -> Response[Any]:
    if wants_page(request):
        return moved(contact_url(granted.slug, made.interaction_id))
    await db.flush()
    page = render(
        request,
        "desk/_promises.html",
        promises=await promises_of(db, made.customer_id),
        brand=(await faces(db, [granted.brand_id]))[granted.brand_id],
        now=now(db),
    )
    events["say"] = {"text": words_for(request).gettext("Saved.")}
    return html(page, headers=says(**events))


def _again(
    request: AnyRequest, contact: Contact, raw: dict[str, str], errors: dict[str, str], at: datetime
) -> Rejected:
    """The form once more, with what was wrong; the dialog stays open."""
    told = {name: words_for(request).gettext(sentence) for name, sentence in errors.items()}
    page = render(request, "desk/_promise_form.html", form=raw, errors=told, now=at, **contact.context())
    return Rejected(422, html=page, headers={"HX-Retarget": "#promise-form", "HX-Reswap": "outerHTML"})
