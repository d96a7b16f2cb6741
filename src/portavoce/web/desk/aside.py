"""Put the contact aside: until a moment, or until its customer answers."""

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
from portavoce.calendars.errors import NoSuchMoment
from portavoce.calendars.moments import moment
from portavoce.conversations.errors import BadMoment, NothingAsked
from portavoce.conversations.setting_aside import set_aside
from portavoce.core.unit import now
from portavoce.identity.granting import Granted
from portavoce.web.desk.contact import Contact, read_contact
from portavoce.web.desk.items import contact_url
from portavoce.web.desk.me import OF_THE_CONTACT
from portavoce.web.desk.messages import CONTACT
from portavoce.web.desk.pages import HOME, UNDO, html, moved, says, wants_page
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest, render

NO_MOMENT = N_("Choose a moment, or write the day and the time.")


class AsideForm(msgspec.Struct):
    """`until`: one of the moments offered, on the brand's clock; `at`: another one, which then counts."""

    kind: str
    until: str = ""
    at: str = ""


class AsideController(Controller):
    path = f"{CONTACT}/aside"
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
        form, errors, raw = await read(request, AsideForm)
        if form is None:
            raise _again(request, contact, raw, errors, now(db))
        try:
            until = moment(form.at or form.until, contact.brand.zone)
            await set_aside(db, interaction_id, form.kind, until, by=me)
        except NoSuchMoment as error:
            raise _again(request, contact, raw, {"until": NO_MOMENT}, now(db)) from error
        except BadMoment as error:
            raise _again(request, contact, raw, {"until": error.message}, now(db)) from error
        except NothingAsked as error:
            raise _again(request, contact, raw, {"kind": error.message}, now(db)) from error
        if wants_page(request):
            return moved(HOME)
        page = render(request, "desk/_work.html", contact=None, closed=None)
        return html(page, headers={"HX-Push-Url": HOME, **_toast(request, contact)})


def _again(
    request: AnyRequest, contact: Contact, raw: dict[str, str], errors: dict[str, str], at: datetime
) -> Rejected:
    """The form once more, with what was wrong; the dialog stays open."""
    told = {name: words_for(request).gettext(sentence) for name, sentence in errors.items()}
    page = render(request, "desk/_aside_form.html", form=raw, errors=told, now=at, **contact.context())
    return Rejected(422, html=page, headers={"HX-Retarget": "#aside-form", "HX-Reswap": "outerHTML"})


def _toast(request: AnyRequest, contact: Contact) -> dict[str, str]:
    words = words_for(request)
    text = words.gettext(
        "Put aside. %(brand)s: %(customer)s", brand=contact.brand.name, customer=contact.head.customer
    )
    url = contact_url(contact.brand.slug, contact.head.interaction_id)
    return says(toast={"text": text, "action": words.gettext("Undo"), "event": UNDO, "url": f"{url}/claim"})
