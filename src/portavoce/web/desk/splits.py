"""Messages about another matter, chosen from the contact's own, become a contact of their own; and the way back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.aliases import agent_of
from portavoce.agents.models import BrandAgent
from portavoce.conversations.threads.errors import CannotSplit
from portavoce.conversations.threads.rejoining import rejoin_contact
from portavoce.conversations.threads.split_queries import movable
from portavoce.conversations.threads.splitting import LONGEST, split_contact
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor
from portavoce.web.desk.contact import Contact, read_contact
from portavoce.web.desk.interactions import opened, typed_before
from portavoce.web.desk.items import contact_url
from portavoce.web.desk.me import OF_THE_CONTACT, presence_of
from portavoce.web.desk.messages import CONTACT
from portavoce.web.desk.pages import UNDO, html, moved, says, wants_page
from portavoce.web.desk.writing import require_same_contact
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest, render

SAID = (
    N_("Choose at least one message."),
    N_("One of these messages is not here any more. Look at the list again."),
    N_("One message of the customer stays here. Choose fewer."),
    N_("Write what it is about, in at most 200 characters."),
    N_("The subject names something outside this brand. The customer reads it: choose another one."),
    N_("Something happened on the new contact since. It stays one of its own."),
    N_("A colleague has the new contact by now. It stays one of its own."),
    N_("The two contacts are of different customers by now. They stay apart."),
)
"""What the verbs say, for the translators."""


class SplitForm(msgspec.Struct):
    """`moved`: the messages. What is missing is the verb's to say, so that nothing that was ticked is lost."""

    expected_brand: UUID
    expected_interaction: UUID
    moved: list[UUID]
    split_subject: str = ""


class SplitController(Controller):
    path = f"{CONTACT}/split"
    dependencies = OF_THE_CONTACT

    @get()
    async def show(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        interaction_id: FromPath[UUID],
    ) -> Response[Any]:
        agent = await agent_of(db, actor.person_id)
        contact = await read_contact(db, interaction_id, granted.brand_id, agent.agent_id if agent else None)
        if wants_page(request):
            return moved(contact.url)
        return html(await _form(request, db, contact))

    @post(status_code=200)
    async def create(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        granted: NamedDependency[Granted],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
    ) -> Response[Any]:
        """The contact of the address stays open."""
        contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
        form, errors, raw = await read(request, SplitForm)
        if form is None:
            require_same_contact(raw.get("expected_brand"), raw.get("expected_interaction"), contact)
            raise await _again(request, db, contact, raw.get("split_subject", ""), (), errors)
        require_same_contact(str(form.expected_brand), str(form.expected_interaction), contact)
        try:
            split = await split_contact(db, interaction_id, form.moved, form.split_subject, by=me)
        except CannotSplit as error:
            told = dict.fromkeys(error.fields, words_for(request).gettext(error.message))
            raise await _again(request, db, contact, form.split_subject, form.moved, told) from error
        words = words_for(request)
        toast: dict[str, object] = {
            "text": words.gettext("Split: two contacts of %(customer)s", customer=contact.head.customer),
            "action": words.gettext("Undo"), "event": UNDO,
            "url": f"{contact_url(granted.slug, split.opened_id)}/split/undo",
        }  # fmt: skip
        return await _shown(request, db, granted, me, interaction_id, toast=toast)

    @post("/undo", status_code=200)
    async def undo(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        granted: NamedDependency[Granted],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
    ) -> Response[Any]:
        """Of the contact of the address, which came out of it. The one that its messages go back to is open then."""
        split = await rejoin_contact(db, interaction_id, by=me)
        return await _shown(request, db, granted, me, split.left_id)


async def _shown(
    request: AnyRequest, db: AsyncSession, granted: Granted, me: BrandAgent, interaction_id: UUID,
    **events: dict[str, object],
) -> Response[Any]:  # fmt: skip
    url = contact_url(granted.slug, interaction_id)
    if wants_page(request):
        return moved(url)
    await db.flush()
    contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
    presence = render(request, "desk/_live_presence.html", presence=await presence_of(db, me))
    work = opened(request, contact, **await typed_before(db, contact))
    return html(work + presence, headers={"HX-Push-Url": url, **says(**events)})


async def _form(request: AnyRequest, db: AsyncSession, contact: Contact, **context: Any) -> str:
    rows = await movable(db, contact.head.interaction_id)
    return render(
        request, "desk/_split_form.html", rows=rows, longest=LONGEST, **context, **contact.context()
    )


async def _again(
    request: AnyRequest,
    db: AsyncSession,
    contact: Contact,
    subject: str,
    chosen: Collection[UUID],
    errors: dict[str, str],
) -> Rejected:
    """The form once more, with what was chosen and what was wrong; the dialog stays open."""
    page = await _form(request, db, contact, form={"split_subject": subject}, chosen=chosen, errors=errors)
    return Rejected(422, html=page, headers={"HX-Retarget": "#split-body", "HX-Reswap": "innerHTML"})
