"""Pass a lead to the client, with what of the profile its taker may see."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.aliases import agent_of
from portavoce.agents.models import BrandAgent
from portavoce.conversations.leads.errors import BadLead, NobodyTakes
from portavoce.conversations.leads.passing import LONGEST, PURPOSE, pass_lead
from portavoce.customers.consenting import allows
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor
from portavoce.web.desk.contact import Contact, read_contact
from portavoce.web.desk.me import OF_THE_CONTACT
from portavoce.web.desk.messages import CONTACT
from portavoce.web.desk.pages import html, moved, says, wants_page
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest, render

SAID = (
    N_("Write what the customer is interested in."),
    N_("Shorten this text to 1000 characters."),
    N_("Nobody at the client may take leads yet. Ask an administrator to give somebody access."),
    N_("The profile does not say that the customer may be contacted. Write where they said so, or ask them first."),
    N_("The profile has no such address."),
    N_("Somebody else has taken this lead."),
    N_("Take this lead first."),
    N_("You have said already what became of this lead."),
)  # fmt: skip
"""What the verbs say, for the translators."""


OF_THE_FORM = {"source": "told_where"}


class LeadForm(msgspec.Struct, kw_only=True):
    """`told_where`: where the customer said that they may be contacted; needed where the profile does not say it.

    Names of its own: other forms of the page stand beside it.
    """

    form_key: UUID
    wording: Annotated[str, msgspec.Meta(extra={"lines": True})] = ""
    with_phone: bool = False
    with_email: bool = False
    told_where: str = ""


class LeadController(Controller):
    path = f"{CONTACT}/lead"
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
        """The form, when the dialog opens: what the customer allows is read then."""
        agent = await agent_of(db, actor.person_id)
        contact = await read_contact(db, interaction_id, granted.brand_id, agent.agent_id if agent else None)
        if wants_page(request):
            return moved(contact.url)
        return html(await _form(request, db, contact, {}, {}))

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
        form, errors, raw = await read(request, LeadForm)
        if form is None:
            raise await _again(request, db, contact, raw, errors)
        try:
            await pass_lead(
                db, request.app.state.house, interaction_id, form.wording, with_phone=form.with_phone,
                with_email=form.with_email, form_key=form.form_key, source=form.told_where, by=me,
            )  # fmt: skip
        except BadLead as error:
            wrong = {OF_THE_FORM.get(name, name): error.message for name in error.fields}
            raise await _again(request, db, contact, raw, wrong) from error
        except NobodyTakes as error:
            raise await _again(request, db, contact, raw, {"wording": error.message}) from error
        if wants_page(request):
            return moved(contact.url)
        await db.flush()
        contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
        now = request.app.state.database.clock.now()
        page = render(request, "desk/_timeline.html", now=now, **contact.context())
        text = words_for(request).gettext("The client has the lead.")
        events: dict[str, dict[str, object]] = {"say": {"text": text}, "close-dialog": {"id": "lead"}}
        return html(page, headers=says(**events))


async def _form(
    request: AnyRequest, db: AsyncSession, contact: Contact, form: dict[str, str], errors: dict[str, str]
) -> str:
    known = {each.channel for each in contact.view.identities}
    customer = contact.head.customer_id
    channels = [name for name in ("phone", "email") if name in known]
    return render(
        request,
        "desk/_lead_form.html",
        channels=channels,
        allowed={name: await allows(db, customer, PURPOSE, name) for name in (*channels, "any")},
        longest=LONGEST,
        form=form,
        errors=errors,
        **contact.context(),
    )


async def _again(
    request: AnyRequest, db: AsyncSession, contact: Contact, raw: dict[str, str], errors: dict[str, str]
) -> Rejected:
    """The form once more, with what was wrong; the dialog stays open."""
    told = {name: words_for(request).gettext(sentence) for name, sentence in errors.items()}
    page = await _form(request, db, contact, raw, told)
    return Rejected(422, html=page, headers={"HX-Retarget": "#lead-form", "HX-Reswap": "outerHTML"})
