"""Which case a contact belongs to: the customer's cases to choose from, when the dialog opens, and the choice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.cases import GONE, cases_of, move_to_case
from portavoce.conversations.errors import NoCase
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

OWN = "own"
"""What the form says for a case of the contact's own."""
SAID = (N_("This case is not there any more. Choose another one."),)
"""What the domain says, named here so that the translations know it."""


class CaseForm(msgspec.Struct):
    care_case: str


class CaseController(Controller):
    path = f"{CONTACT}/case"
    dependencies = OF_THE_CONTACT

    @get()
    async def show(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        granted: NamedDependency[Granted],
        interaction_id: FromPath[UUID],
    ) -> Response[Any]:
        contact = await read_contact(db, interaction_id, granted.brand_id, None)
        if wants_page(request):
            return moved(contact.url)
        return html(await _form(request, db, contact, {}))

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
        form, errors, _raw = await read(request, CaseForm)
        if form is None:
            raise await _again(request, db, contact, errors)
        try:
            await move_to_case(db, interaction_id, _chosen(form.care_case), by=me)
        except NoCase as error:
            raise await _again(request, db, contact, {"care_case": error.message}) from error
        if wants_page(request):
            return moved(contact.url)
        await db.flush()
        known = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
        page = render(request, "desk/_live_contact.html", now=now(db), **known.context())
        shut: dict[str, dict[str, object]] = {"close-dialog": {"id": "case"}}
        return html(page, headers=says(say={"text": words_for(request).gettext("Saved.")}, **shut))


def _chosen(value: str) -> UUID | None:
    if value == OWN:
        return None
    try:
        return UUID(value)
    except ValueError as error:
        raise NoCase(GONE, care_case="gone") from error


async def _form(request: AnyRequest, db: AsyncSession, contact: Contact, errors: dict[str, str]) -> str:
    cases = await cases_of(db, contact.head.customer_id)
    return render(request, "desk/_case_form.html", cases=cases, errors=errors, **contact.context())


async def _again(request: AnyRequest, db: AsyncSession, contact: Contact, errors: dict[str, str]) -> Rejected:
    """The form once more, with what is there now; the dialog stays open."""
    told = {name: words_for(request).gettext(sentence) for name, sentence in errors.items()}
    page = await _form(request, db, contact, told)
    return Rejected(422, html=page, headers={"HX-Retarget": "#case-body", "HX-Reswap": "innerHTML"})
