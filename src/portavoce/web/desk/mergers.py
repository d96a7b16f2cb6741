"""Put the contact together with another open one of the same customer; and the way back, for a moment."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.threads.errors import CannotMerge
from portavoce.conversations.threads.merging import merge_contacts
from portavoce.conversations.threads.parting import part_contacts
from portavoce.identity.granting import Granted
from portavoce.web.desk.contact import Contact, read_contact
from portavoce.web.desk.interactions import opened, typed_before
from portavoce.web.desk.items import contact_url
from portavoce.web.desk.me import OF_THE_CONTACT, presence_of
from portavoce.web.desk.messages import CONTACT
from portavoce.web.desk.pages import UNDO, html, moved, says, wants_page
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest, render

SAID = (
    N_("Only contacts of the same customer can be put together."),
    N_("This contact is not open any more, or somebody else has it."),
    N_("An answer of this contact has not left yet. Wait until it has."),
    N_("The client has an open question about this contact. Take it back first."),
    N_("A complaint stays a contact of its own."),
    N_("Others were put together with this contact already. Part them first."),
    N_("This can be undone within ten minutes, by whoever did it."),
    N_("An answer was written since. They stay together."),
    N_("This contact was put together with another one. Answer there."),
)
"""What the verbs say, for the translators."""


class MergerForm(msgspec.Struct):
    interaction: UUID


class MergerController(Controller):
    path = f"{CONTACT}/merger"
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
        """`interaction` and the one of the address; which of them goes on is then open."""
        contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
        form, errors, raw = await read(request, MergerForm)
        if form is None:
            raise _again(request, contact, raw, errors)
        try:
            merge = await merge_contacts(db, interaction_id, form.interaction, by=me)
        except CannotMerge as error:
            told = {"interaction": words_for(request).gettext(error.message)}
            raise _again(request, contact, raw, told) from error
        undo = f"{contact_url(granted.slug, merge.dropped_id)}/merger/undo"
        words = words_for(request)
        toast: dict[str, object] = {
            "text": words.gettext("Put together: one contact of %(customer)s", customer=contact.head.customer),
            "action": words.gettext("Undo"), "event": UNDO, "url": undo,
        }  # fmt: skip
        return await _shown(request, db, granted, me, merge.kept_id, toast=toast)

    @post("/undo", status_code=200)
    async def undo(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        granted: NamedDependency[Granted],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
    ) -> Response[Any]:
        """Of the contact of the address, which was closed by it. The one the agent had open before is open again."""
        merge = await part_contacts(db, interaction_id, by=me)
        held = merge.dropped_id if merge.was_waiting else merge.kept_id
        return await _shown(request, db, granted, me, held)


async def _shown(
    request: AnyRequest, db: AsyncSession, granted: Granted, me: BrandAgent, interaction_id: UUID,
    **events: dict[str, object],
) -> Response[Any]:  # fmt: skip
    url = contact_url(granted.slug, interaction_id)
    if wants_page(request):
        return moved(url)
    contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
    presence = render(request, "desk/_live_presence.html", presence=await presence_of(db, me))
    work = opened(request, contact, **await typed_before(db, contact))
    return html(work + presence, headers={"HX-Push-Url": url, **says(**events)})


def _again(request: AnyRequest, contact: Contact, raw: dict[str, str], errors: dict[str, str]) -> Rejected:
    """The form once more, with what was wrong; the dialog stays open."""
    page = render(request, "desk/_merger_form.html", form=raw, errors=errors, **contact.context())
    return Rejected(422, html=page, headers={"HX-Retarget": "#merger-form", "HX-Reswap": "outerHTML"})
