"""Hand the contact over: to a colleague, to another line of business, or with a question to the client's back office."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.aliases import agent_of, brand_agent_of
from portavoce.agents.colleagues import colleagues
from portavoce.agents.models import BrandAgent
from portavoce.brands.models import LineOfBusiness
from portavoce.conversations.back_office.asking import ask_client, recall
from portavoce.conversations.back_office.errors import NobodyThere, OpenAlready
from portavoce.conversations.errors import EmptyText, NoReceiver
from portavoce.conversations.transferring import hand_to_colleague, hand_to_queue, other_lines
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor
from portavoce.web.desk.contact import Contact, read_contact
from portavoce.web.desk.interactions import opened, typed_before
from portavoce.web.desk.me import OF_THE_CONTACT, presence_of
from portavoce.web.desk.messages import CONTACT
from portavoce.web.desk.pages import HOME, UNDO, html, moved, says, wants_page
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest, render

Text = Annotated[str, msgspec.Meta(extra={"lines": True})]
CHOOSE = N_("Choose one of the options shown.")
SAID = (
    N_("This colleague is not at work. Choose another one."),
    N_("Choose another line of business of this brand."),
    N_("The client's back office has this contact. Take the question back first."),
    N_("The client has a question about this contact already. Take it back first."),
    N_("The client has answered, or the question was taken back meanwhile."),
    N_("Nobody at the client may answer yet. Ask an administrator to give somebody access."),
    N_("This question was answered or taken back meanwhile."),
)
"""What the verbs say, for the translators."""


class TransferForm(msgspec.Struct, kw_only=True):
    """`reason` for the provider's own people, `question` and `shared` for the client."""

    target: Literal["agent", "queue", "back_office"]
    colleague: UUID | None = None
    lob: UUID | None = None
    reason: Text = ""
    question: Text = ""
    shared: Text = ""


class TransferController(Controller):
    path = f"{CONTACT}/transfer"
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
        """The form, when the dialog opens: who is at work is read then."""
        agent = await agent_of(db, actor.person_id)
        me = await brand_agent_of(db, agent.agent_id) if agent else None
        contact = await read_contact(db, interaction_id, granted.brand_id, agent.agent_id if agent else None)
        if wants_page(request):
            return moved(contact.url)
        said = [each.body for each in contact.view.messages if each.direction == "in"]
        form = {"target": "agent", "shared": said[-1] if said else ""}
        return html(await _form(request, db, contact, me, form, {}))

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
        form, errors, raw = await read(request, TransferForm)
        if form is None:
            raise await _again(request, db, contact, me, raw, errors)
        try:
            said = await _hand_over(request, db, contact, form, me)
        except NoReceiver as error:
            wrong = dict.fromkeys(error.fields, error.message)
            raise await _again(request, db, contact, me, raw, wrong) from error
        except EmptyText as error:
            wrong = {"question" if form.target == "back_office" else "reason": error.message}
            raise await _again(request, db, contact, me, raw, wrong) from error
        except (NobodyThere, OpenAlready) as error:
            raise await _again(request, db, contact, me, raw, {"target": error.message}) from error
        if wants_page(request):
            return moved(HOME)
        page = render(request, "desk/_work.html", contact=None, closed=None)
        return html(page, headers={"HX-Push-Url": HOME, **says(toast=said)})


class RecallController(Controller):
    """The question is taken back; where the client had the contact, it is in the hands of who did so."""

    path = f"{CONTACT}/recall"
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
        await recall(db, interaction_id, by=me)
        contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
        if wants_page(request):
            return moved(contact.url)
        presence = render(request, "desk/_live_presence.html", presence=await presence_of(db, me))
        work = opened(request, contact, **await typed_before(db, contact))
        return html(work + presence, headers={"HX-Push-Url": contact.url})


async def _hand_over(
    request: AnyRequest, db: AsyncSession, contact: Contact, form: TransferForm, me: BrandAgent
) -> dict[str, object]:
    """Does it; what the toast says then."""
    await _of_this_brand(db, form, me)
    _, interaction_id = words_for(request).gettext, contact.head.interaction_id
    which = {"brand": contact.brand.name, "customer": contact.head.customer}
    if form.target == "back_office":
        house = request.app.state.house
        await ask_client(db, house, interaction_id, form.question, shared=form.shared, by=me)
        text = _("The client has been asked. %(brand)s: %(customer)s", **which)
        return {"text": text, "action": _("Undo"), "event": UNDO, "url": f"{contact.url}/recall"}
    if form.target == "queue":
        if form.lob is None:
            raise NoReceiver(CHOOSE, lob="none")
        await hand_to_queue(db, interaction_id, form.lob, form.reason, by=me)
        return {"text": _("Handed over to the other queue. %(brand)s: %(customer)s", **which)}
    if form.colleague is None:
        raise NoReceiver(CHOOSE, colleague="none")
    handed = await hand_to_colleague(db, interaction_id, form.colleague, form.reason, by=me)
    alias = (await db.get_one(BrandAgent, (me.brand_id, form.colleague))).alias
    if handed.state == "assigned":
        return {"text": _("%(alias)s has it now. %(brand)s: %(customer)s", alias=alias, **which)}
    return {
        "text": _(
            "%(alias)s cannot take it now: it is first in the queue. %(brand)s: %(customer)s",
            alias=alias,
            **which,
        )
    }


async def _of_this_brand(db: AsyncSession, form: TransferForm, me: BrandAgent) -> None:
    """Whatever a form names is of the brand, also what its target does not need."""
    if form.colleague and await db.get(BrandAgent, (me.brand_id, form.colleague)) is None:
        raise NoReceiver(CHOOSE, colleague="unknown")
    if form.lob and await db.get(LineOfBusiness, (me.brand_id, form.lob)) is None:
        raise NoReceiver(CHOOSE, lob="unknown")


async def _form(
    request: AnyRequest,
    db: AsyncSession,
    contact: Contact,
    me: BrandAgent | None,
    form: dict[str, str],
    errors: dict[str, str],
) -> str:
    return render(
        request,
        "desk/_transfer_form.html",
        colleagues=await colleagues(db, me.id if me else None),
        lines=await other_lines(db, contact.head.lob_id),
        form=form,
        errors=errors,
        **contact.context(),
    )


async def _again(
    request: AnyRequest,
    db: AsyncSession,
    contact: Contact,
    me: BrandAgent,
    raw: dict[str, str],
    errors: dict[str, str],
) -> Rejected:
    """The form once more, with what was wrong; the dialog stays open."""
    told = {name: words_for(request).gettext(sentence) for name, sentence in errors.items()}
    page = await _form(request, db, contact, me, raw, told)
    return Rejected(422, html=page, headers={"HX-Retarget": "#transfer-form", "HX-Reswap": "outerHTML"})
