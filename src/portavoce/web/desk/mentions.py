"""From one's own list to the contact whose note mentions one: looked at, it is off the list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.mentioning import look_at
from portavoce.identity.granting import Granted
from portavoce.web.desk.contact import read_contact
from portavoce.web.desk.interactions import opened, typed_before, voice_of
from portavoce.web.desk.items import contact_url
from portavoce.web.desk.me import OF_THE_CONTACT
from portavoce.web.desk.pages import html, moved, says, wants_page
from portavoce.web.pages import AnyRequest


class MentionController(Controller):
    path = "/b/{brand:str}/mentions/{mention_id:uuid}/sight"
    dependencies = OF_THE_CONTACT

    @post(status_code=200)
    async def create(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        granted: NamedDependency[Granted],
        me: NamedDependency[BrandAgent],
        mention_id: FromPath[UUID],
    ) -> Response[Any]:
        mention = await look_at(db, mention_id, by=me)
        if wants_page(request):
            return moved(contact_url(granted.slug, mention.interaction_id))
        contact = await read_contact(db, mention.interaction_id, granted.brand_id, me.agent_id)
        page = opened(request, contact, **await typed_before(db, contact))
        told = says(say=voice_of(request, contact))
        return html(page, headers={"HX-Push-Url": contact.url, **told})
