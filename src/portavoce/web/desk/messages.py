"""Answers to the customer, as the brand; sending one again when it may not have arrived, taking one back before it left."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.brands.faces import faces
from portavoce.calendars.errors import NoSuchMoment
from portavoce.calendars.moments import moment
from portavoce.conversations.delivery import resend
from portavoce.conversations.errors import BadMoment, NoInteraction
from portavoce.conversations.leaving import moment_of_leaving
from portavoce.conversations.models import Message
from portavoce.conversations.replying import Seen, note, reply
from portavoce.conversations.withdrawing import withdraw
from portavoce.identity.granting import Granted
from portavoce.identity.mails import House
from portavoce.web.access import Actor
from portavoce.web.desk.contact import read_contact
from portavoce.web.desk.interactions import opened
from portavoce.web.desk.items import contact_url
from portavoce.web.desk.me import OF_THE_CONTACT
from portavoce.web.desk.pages import desk_page, html, moved, wants_page
from portavoce.web.desk.writing import Writing, WritingForm
from portavoce.web.i18n import N_
from portavoce.web.look import look_of
from portavoce.web.pages import AnyRequest, render

CONTACT = "/b/{brand:str}/interactions/{interaction_id:uuid}"
NO_MOMENT = N_("Write the day and the time at which it leaves.")
SAID = (
    N_("The brand answered itself meanwhile. Read that, then send or discard your text."),
    N_("The brand answered first. Read that before you send yours."),
)
"""What the verbs say, for the translators."""


class ReplyForm(WritingForm):
    """`native`: the newest answer of the brand's own that was read with the text."""

    native: UUID | None = None


class MessageController(Controller):
    path = f"{CONTACT}/messages"
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
        return await Writing(request, db, actor, granted, me, interaction_id, "reply").do(
            partial(_reply, doubled=look_of(request).pace == "double", house=request.app.state.house),
            ReplyForm,
        )


class NoteController(Controller):
    path = f"{CONTACT}/notes"
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
        return await Writing(request, db, actor, granted, me, interaction_id, "note").do(_note, WritingForm)


class ResendingController(Controller):
    path = f"{CONTACT}/messages/{{message_id:uuid}}/resending"
    dependencies = OF_THE_CONTACT

    @post(status_code=200)
    async def create(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        granted: NamedDependency[Granted],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
        message_id: FromPath[UUID],
    ) -> Response[Any]:
        message = await resend(db, message_id, by=me)
        if message.interaction_id != interaction_id:
            raise NoInteraction("This message does not exist.")
        if wants_page(request):
            return moved(contact_url(granted.slug, interaction_id))
        contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
        return html(render(request, "desk/_timeline.html", **contact.context()))


class WithdrawalController(Controller):
    path = f"{CONTACT}/messages/{{message_id:uuid}}/withdrawal"
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
        message_id: FromPath[UUID],
    ) -> Response[Any]:
        """The text is in the composer again, for who holds the contact."""
        message = await withdraw(db, message_id, by=me)
        if message.interaction_id != interaction_id:
            raise NoInteraction("This message does not exist.")
        contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
        answered = contact.head.native_at
        again = {
            "text": message.body if contact.mode == "mine" else "",
            "unread": answered is not None and message.at <= answered,
        }
        if wants_page(request):
            return html(await desk_page(request, actor, contact, **again))
        return html(opened(request, contact, **again), headers={"HX-Push-Url": contact.url})


async def _reply(
    db: AsyncSession,
    interaction_id: UUID,
    form: ReplyForm,
    *,
    by: BrandAgent,
    doubled: bool,
    house: House,
    **guarded: Any,
) -> Message:
    wished = await _wished(db, form.send_at, by.brand_id)
    leaves_at = await moment_of_leaving(db, wished, doubled=doubled)
    return await reply(
        db, interaction_id, form.text, by=by, form_key=form.form_key, leaves_at=leaves_at,
        approval=form.approval, house=house, seen=Seen(form.native), **guarded,
    )  # fmt: skip


async def _note(db: AsyncSession, interaction_id: UUID, form: WritingForm, *, by: BrandAgent) -> Message:
    return await note(db, interaction_id, form.text, by=by, form_key=form.form_key)


async def _wished(db: AsyncSession, send_at: str, brand_id: UUID) -> datetime | None:
    if not send_at:
        return None
    try:
        return moment(send_at, (await faces(db, [brand_id]))[brand_id].zone)
    except NoSuchMoment as error:
        raise BadMoment(NO_MOMENT, send_at="moment") from error
