"""Why the customer wrote, said while working."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.errors import UnknownReason
from portavoce.conversations.reasons import MISSING, choose_reason
from portavoce.core.unit import now
from portavoce.identity.granting import Granted
from portavoce.web.desk.contact import Contact, read_contact
from portavoce.web.desk.me import OF_THE_CONTACT
from portavoce.web.desk.messages import CONTACT
from portavoce.web.desk.pages import html, moved, says, wants_page
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest, render

SAID = (N_("Choose why the customer wrote."),)
"""What the domain says, named here so that the translations know it."""


class ReasonForm(msgspec.Struct):
    contact_reason: str


class ReasonController(Controller):
    path = f"{CONTACT}/reason"
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
        form, _errors, raw = await read(request, ReasonForm)
        if form is None:
            raise _again(request, contact, raw)
        try:
            await choose_reason(db, interaction_id, form.contact_reason, by=me)
        except UnknownReason as error:
            raise _again(request, contact, raw) from error
        if wants_page(request):
            return moved(contact.url)
        known = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
        page = render(request, "desk/_reason_chosen.html", now=now(db), **known.context())
        shut: dict[str, dict[str, object]] = {"close-dialog": {"id": "reason"}}
        return html(page, headers=says(**shut))


def _again(request: AnyRequest, contact: Contact, raw: dict[str, str]) -> Rejected:
    """The form once more; the dialog stays open."""
    told = {"contact_reason": words_for(request).gettext(MISSING)}
    page = render(request, "desk/_reason_form.html", form=raw, errors=told, **contact.context())
    return Rejected(422, html=page, headers={"HX-Retarget": "#reason-form", "HX-Reswap": "outerHTML"})
