"""Say that the contact is a complaint."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.complaining import complain
from portavoce.identity.granting import Granted
from portavoce.web.desk.contact import read_contact
from portavoce.web.desk.items import contact_url
from portavoce.web.desk.me import OF_THE_CONTACT
from portavoce.web.desk.messages import CONTACT
from portavoce.web.desk.pages import html, moved, says, wants_page
from portavoce.web.i18n import words_for
from portavoce.web.pages import AnyRequest, render


class ComplaintController(Controller):
    path = f"{CONTACT}/complaint"
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
        complaint = await complain(db, interaction_id, by=me, house=request.app.state.house)
        if wants_page(request):
            return moved(contact_url(granted.slug, interaction_id))
        contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
        page = render(
            request,
            "desk/_head.html",
            now=request.app.state.database.clock.now(),
            **contact.context(),
        )
        text = words_for(request).gettext("Complaint %(code)s. The customer is told.", code=complaint.code)
        events: dict[str, dict[str, object]] = {"say": {"text": text}, "close-dialog": {"id": "complaint"}}
        return html(page, headers=says(**events))
