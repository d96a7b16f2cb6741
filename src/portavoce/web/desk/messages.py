"""Answers to the customer, as the brand; and sending one again when it may not have arrived."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.delivery import resend
from portavoce.conversations.errors import NoInteraction
from portavoce.conversations.replying import note, reply
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor
from portavoce.web.desk.contact import read_contact
from portavoce.web.desk.items import contact_url
from portavoce.web.desk.me import OF_THE_CONTACT
from portavoce.web.desk.pages import html, moved, wants_page
from portavoce.web.desk.writing import Writing
from portavoce.web.pages import AnyRequest, render

CONTACT = "/b/{brand:str}/interactions/{interaction_id:uuid}"


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
        return await Writing(request, db, actor, granted, me, interaction_id, "reply").do(reply)


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
        return await Writing(request, db, actor, granted, me, interaction_id, "note").do(note)


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
