"""After closing: put right how the contact ended, and finish after-contact work before its time is up."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.amending import amend
from portavoce.conversations.errors import ReasonMissing, UnknownDisposition, UnknownReason
from portavoce.conversations.wrapping import finish_wrap_up
from portavoce.identity.granting import Granted
from portavoce.web.desk.closures import CHOOSE
from portavoce.web.desk.contact import Contact, read_contact
from portavoce.web.desk.interactions import Closed, opened
from portavoce.web.desk.me import OF_THE_CONTACT, presence_of
from portavoce.web.desk.messages import CONTACT
from portavoce.web.desk.pages import HOME, html, moved, says, wants_page
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.pages import AnyRequest, render


class AmendmentForm(msgspec.Struct):
    disposition: str
    contact_reason: str = ""
    note: Annotated[str, msgspec.Meta(extra={"lines": True})] = ""
    finish: bool = False


class AmendmentController(Controller):
    path = f"{CONTACT}/closure/amendment"
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
        form, errors, raw = await read(request, AmendmentForm)
        if form is None:
            raise _again(request, contact, raw, errors)
        try:
            reason = form.contact_reason
            await amend(db, interaction_id, form.disposition, by=me, note=form.note, reason=reason)
        except UnknownDisposition as error:
            raise _again(request, contact, raw, {"disposition": CHOOSE}) from error
        except (ReasonMissing, UnknownReason) as error:
            raise _again(request, contact, raw, {"contact_reason": error.message}) from error
        if form.finish:
            await finish_wrap_up(db, interaction_id, by=me)
            return await _finished(request, db, contact, me)
        if wants_page(request):
            return moved(contact.url)
        known = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
        text = words_for(request).gettext("Saved.")
        return html(opened(request, known), headers=says(toast={"text": text}))


async def _finished(request: AnyRequest, db: AsyncSession, contact: Contact, me: BrandAgent) -> Response[Any]:
    if wants_page(request):
        return moved(HOME)
    closed = Closed(contact.head.customer, contact.url)
    page = render(request, "desk/_work.html", contact=None, closed=closed)
    presence = render(request, "desk/_live_presence.html", presence=await presence_of(db, me))
    return html(page + presence, headers={"HX-Push-Url": HOME})


def _again(request: AnyRequest, contact: Contact, raw: dict[str, str], errors: dict[str, str]) -> Rejected:
    """The form once more, with what was wrong and all that was typed."""
    told = {name: words_for(request).gettext(sentence) for name, sentence in errors.items()}
    if "disposition" in told:
        told["disposition"] = words_for(request).gettext(CHOOSE)
    page = render(request, "desk/_after_form.html", form=raw, errors=told, **contact.context())
    return Rejected(422, html=page, headers={"HX-Retarget": "#after-form", "HX-Reswap": "outerHTML"})
