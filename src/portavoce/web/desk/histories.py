"""Older messages and older contacts, asked for while somebody reads upwards."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.aliases import agent_of
from portavoce.conversations.history_queries import BRIEF, MESSAGES, Extent, Window, moment_of
from portavoce.core.unit import now
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor
from portavoce.web.desk.contact import read_contact
from portavoce.web.desk.me import IN_BRAND
from portavoce.web.desk.messages import CONTACT
from portavoce.web.desk.pages import html
from portavoce.web.pages import AnyRequest, render

CONTACTS = 20


class OlderController(Controller):
    path = f"{CONTACT}/older"
    dependencies = IN_BRAND

    @get()
    async def index(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        interaction_id: FromPath[UUID],
        before_message: FromQuery[UUID | None] = None,
    ) -> Response[str]:
        """Messages before this one, or the newest; none where it is not there."""
        agent = await agent_of(db, actor.person_id)
        extent = Extent(Window(MESSAGES, before=before_message), BRIEF.earlier)
        contact = await read_contact(
            db, interaction_id, granted.brand_id, agent.agent_id if agent else None, extent=extent
        )
        end = await moment_of(db, before_message) if before_message else None
        said = contact.said_until(end)
        return html(render(request, "desk/_older.html", said=said, now=now(db), **contact.context()))


class EarlierController(Controller):
    path = f"{CONTACT}/earlier"
    dependencies = IN_BRAND

    @get()
    async def index(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        granted: NamedDependency[Granted],
        interaction_id: FromPath[UUID],
        before_contact: FromQuery[UUID | None] = None,
    ) -> Response[str]:
        """Contacts of the customer before this one, or the newest; none where it is not there."""
        extent = Extent(BRIEF.messages, Window(CONTACTS, before=before_contact))
        contact = await read_contact(db, interaction_id, granted.brand_id, None, extent=extent)
        return html(render(request, "desk/_earlier.html", now=now(db), **contact.context()))
