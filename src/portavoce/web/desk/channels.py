"""A contact goes on by another channel; a call to its customer is made and written down."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.aliases import agent_of
from portavoce.agents.models import BrandAgent
from portavoce.conversations.calling import record_call
from portavoce.conversations.errors import BadChoice, CannotMove
from portavoce.conversations.holding import held_by
from portavoce.conversations.models import Message
from portavoce.conversations.moving import move_to_channel
from portavoce.conversations.queries import interaction as load
from portavoce.customers.numbers import reveal_number
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor
from portavoce.web.desk.contact import Contact, read_contact
from portavoce.web.desk.interactions import opened, typed_before
from portavoce.web.desk.me import IN_BRAND, OF_THE_CONTACT
from portavoce.web.desk.messages import CONTACT
from portavoce.web.desk.pages import desk_page, html, moved, says, wants_page
from portavoce.web.desk.writing import Writing, WritingForm, require_same_contact
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest, render

SAID = (
    N_("This contact cannot go on there."),
    N_("This conversation has another open contact there already. Go on in that one."),
    N_("This customer wishes not to be called."),
    N_("No number of this customer is known."),
    N_("No mail address of this customer is known."),
    N_("No mail address of this customer is known. Add one first."),
    N_("This contact goes on by phone. Move it to email to write."),
    N_("This contact does not go on by phone. Move it there first."),
    N_("Write what was said."),
    N_("The customer was not reached."),
)
"""What the verbs say, for the translators."""
CHOOSE = N_("Say whether the customer was reached.")


class ChannelForm(msgspec.Struct):
    expected_brand: UUID
    expected_interaction: UUID
    channel: str = ""


class ChannelController(Controller):
    path = f"{CONTACT}/channel"

    @get(dependencies=IN_BRAND)
    async def show(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        interaction_id: FromPath[UUID],
    ) -> Response[Any]:
        """The form, when the dialog opens: how the customer can be reached is read then."""
        agent = await agent_of(db, actor.person_id)
        contact = await read_contact(db, interaction_id, granted.brand_id, agent.agent_id if agent else None)
        if wants_page(request):
            return moved(contact.url)
        return html(_form(request, contact, {"channel": contact.likely_way}, {}))

    @post(status_code=200, dependencies=OF_THE_CONTACT)
    async def create(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        granted: NamedDependency[Granted],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
    ) -> Response[Any]:
        contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
        form, errors, raw = await read(request, ChannelForm)
        require_same_contact(raw.get("expected_brand"), raw.get("expected_interaction"), contact)
        if form is None:
            raise _again(request, contact, raw, errors)
        try:
            await move_to_channel(db, interaction_id, form.channel, by=me)
        except CannotMove as error:
            raise _again(request, contact, raw, dict.fromkeys(error.fields, error.message)) from error
        if wants_page(request):
            return moved(contact.url)
        await db.flush()
        contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
        said: dict[str, object] = {"text": words_for(request).gettext("Saved.")}
        page = opened(request, contact, **await typed_before(db, contact))
        return html(page, headers={"HX-Push-Url": contact.url, **says(say=said)})


class NumberController(Controller):
    path = f"{CONTACT}/number"
    dependencies = OF_THE_CONTACT

    @post(status_code=200)
    async def create(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
    ) -> Response[Any]:
        """In this answer and in no other, to who holds the contact."""
        held_by(await load(db, interaction_id), me)
        contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
        number = (await reveal_number(db, contact.head.customer_id, by=me)).value
        if wants_page(request):
            return html(await desk_page(request, actor, contact, number=number))
        return html(render(request, "desk/_number.html", number=number, **contact.context()))


class CallForm(WritingForm):
    """`text`: what was said."""

    reached: str = ""


class CallController(Controller):
    path = f"{CONTACT}/calls"
    dependencies = OF_THE_CONTACT

    @post(status_code=200)
    async def create(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
    ) -> Response[Any]:
        return await Writing(request, db, actor, granted, me, interaction_id, "call").do(_call, CallForm)


CHANNELS = (ChannelController, NumberController, CallController)


async def _call(db: AsyncSession, interaction_id: UUID, form: CallForm, *, by: BrandAgent) -> Message:
    if form.reached not in ("yes", "no"):
        raise BadChoice(CHOOSE, reached="choice")
    return await record_call(
        db, interaction_id, form.text, reached=form.reached == "yes", by=by, form_key=form.form_key
    )


def _form(request: AnyRequest, contact: Contact, form: dict[str, str], errors: dict[str, str]) -> str:
    told = {name: words_for(request).gettext(sentence) for name, sentence in errors.items()}
    now = request.app.state.database.clock.now()
    return render(request, "desk/_channel_form.html", form=form, errors=told, now=now, **contact.context())


def _again(request: AnyRequest, contact: Contact, raw: dict[str, str], errors: dict[str, str]) -> Rejected:
    """The form once more, with what was wrong; the dialog stays open."""
    page = _form(request, contact, raw, errors)
    return Rejected(422, html=page, headers={"HX-Retarget": "#channel-body", "HX-Reswap": "innerHTML"})
