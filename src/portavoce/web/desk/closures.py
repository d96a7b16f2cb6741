"""Close with an outcome; and the way back."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.approvals.asking import WAITS
from portavoce.conversations.approvals.errors import Awaited
from portavoce.conversations.closing import close
from portavoce.conversations.errors import ReasonMissing, UnknownDisposition, UnknownReason
from portavoce.conversations.reopening import reopen
from portavoce.identity.granting import Granted
from portavoce.web.desk.contact import Contact, read_contact
from portavoce.web.desk.interactions import Closed, opened
from portavoce.web.desk.items import contact_url
from portavoce.web.desk.me import OF_THE_CONTACT, presence_of
from portavoce.web.desk.messages import CONTACT
from portavoce.web.desk.pages import HOME, UNDO, html, moved, says, wants_page
from portavoce.web.desk.writing import require_same_contact
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest, render

CHOOSE = N_("Choose an outcome from the list.")


class ClosureForm(msgspec.Struct):
    expected_brand: UUID
    expected_interaction: UUID
    disposition: str
    contact_reason: str = ""
    note: Annotated[str, msgspec.Meta(extra={"lines": True})] = ""
    after: bool = False


class ClosureController(Controller):
    path = f"{CONTACT}/closure"
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
        form, errors, raw = await read(request, ClosureForm)
        if form is None:
            require_same_contact(raw.get("expected_brand"), raw.get("expected_interaction"), contact)
            raise _again(request, contact, raw, errors)
        require_same_contact(str(form.expected_brand), str(form.expected_interaction), contact)
        try:
            reason = form.contact_reason
            await close(
                db, interaction_id, form.disposition, by=me, note=form.note, reason=reason, after=form.after
            )
        except UnknownDisposition as error:
            raise _again(request, contact, raw, {"disposition": CHOOSE}) from error
        except (ReasonMissing, UnknownReason) as error:
            raise _again(request, contact, raw, {"contact_reason": error.message}) from error
        except Awaited as error:
            raise _again(request, contact, raw, {"disposition": error.message}) from error
        if contact.view.rules.acw_mode != "off":
            known = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
            if known.mode == "wrapping":
                return await _wrapping(request, db, known, me)
        if wants_page(request):
            return moved(f"{HOME}?closed={interaction_id}&brand={quote(granted.slug)}")
        closed = Closed(contact.head.customer, contact.url)
        page = render(request, "desk/_work.html", contact=None, closed=closed)
        return html(page, headers={"HX-Push-Url": HOME, **_toast(request, contact)})


class ReopeningController(Controller):
    path = f"{CONTACT}/reopening"
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
        await reopen(db, interaction_id, by=me)
        url = contact_url(granted.slug, interaction_id)
        if wants_page(request):
            return moved(url)
        contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
        return html(opened(request, contact), headers={"HX-Push-Url": url})


async def _wrapping(request: AnyRequest, db: AsyncSession, contact: Contact, me: BrandAgent) -> Response[Any]:
    """Closed, and not done with: it stays open on the desk while its after-contact work goes on."""
    if wants_page(request):
        return moved(contact.url)
    presence = render(request, "desk/_live_presence.html", presence=await presence_of(db, me))
    said: dict[str, object] = {"text": _closed_words(request, contact)}
    return html(opened(request, contact) + presence, headers=says(say=said))


def _again(request: AnyRequest, contact: Contact, raw: dict[str, str], errors: dict[str, str]) -> Rejected:
    """The form once more, with what was wrong; the dialog stays open."""
    told = {name: words_for(request).gettext(sentence) for name, sentence in errors.items()}
    if "disposition" in told and errors["disposition"] != WAITS:
        told["disposition"] = words_for(request).gettext(CHOOSE)
    page = render(
        request,
        "desk/_wrapup_form.html",
        form=raw,
        errors=told,
        **contact.context(),
    )
    return Rejected(422, html=page, headers={"HX-Retarget": "#wrapup-form", "HX-Reswap": "outerHTML"})


def _toast(request: AnyRequest, contact: Contact) -> dict[str, str]:
    text, undo = _closed_words(request, contact), words_for(request).gettext("Undo")
    return says(toast={"text": text, "action": undo, "event": UNDO, "url": f"{contact.url}/reopening"})


def _closed_words(request: AnyRequest, contact: Contact) -> str:
    brand, customer = contact.brand.name, contact.head.customer
    return words_for(request).gettext("Closed. %(brand)s: %(customer)s", brand=brand, customer=customer)
