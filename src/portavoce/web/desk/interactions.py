"""The desk itself, with one contact open or none."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.aliases import agent_of
from portavoce.conversations.drafting import kept_for
from portavoce.conversations.history_queries import ALL, NEWEST
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.identity.granting import Granted
from portavoce.web.access import DESK_ROLES, Actor
from portavoce.web.desk.contact import Contact, read_contact
from portavoce.web.desk.me import IN_BRAND
from portavoce.web.desk.pages import desk_page, html, says, wants_page
from portavoce.web.i18n import words_for
from portavoce.web.pages import AnyRequest, render


class Closed(msgspec.Struct, frozen=True):
    """What was closed a moment ago, and where it can be opened again."""

    customer: str
    url: str


class DeskController(Controller):
    path = "/desk"

    @get()
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        closed: FromQuery[UUID | None] = None,
        brand: FromQuery[str | None] = None,
        nothing: FromQuery[bool] = False,
    ) -> Response[str]:
        """`nothing`: the next contact was asked for, and nobody was waiting."""
        known = await _closed(request, actor, closed, brand)
        return html(await desk_page(request, actor, None, closed=known, nothing=nothing))


class InteractionController(Controller):
    path = "/b/{brand:str}/interactions/{interaction_id:uuid}"
    dependencies = IN_BRAND

    @get()
    async def show(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        interaction_id: FromPath[UUID],
        compose: FromQuery[str | None] = None,
        all: FromQuery[bool] = False,
    ) -> Response[str]:
        agent = await agent_of(db, actor.person_id)
        contact = await read_contact(
            db,
            interaction_id,
            granted.brand_id,
            agent.agent_id if agent else None,
            extent=ALL if all else NEWEST,
        )
        shown = {
            "compose": "note" if compose == "note" else "reply",
            **await typed_before(db, contact),
        }
        if wants_page(request):
            return html(await desk_page(request, actor, contact, **shown))
        return html(opened(request, contact, **shown), headers=says(say=voice_of(request, contact)))


async def typed_before(db: AsyncSession, contact: Contact) -> dict[str, Any]:
    """What its holder has typed and not sent, for the composer; `unread`: before the brand itself answered."""
    if contact.mode != "mine":
        return {}
    kept = await kept_for(db, contact.head.interaction_id, contact.agent_id)
    texts = {kind: draft.body for kind, draft in kept.items()}
    answered = contact.head.native_at
    unread = answered is not None and "reply" in kept and kept["reply"].saved_at <= answered
    reply = "" if contact.spoken else texts.get("reply", "")
    return {"text": reply, "note_text": texts.get("note", ""), "unread": unread}


def opened(request: AnyRequest, contact: Contact, **context: Any) -> str:
    """What goes right of the queue."""
    now = request.app.state.database.clock.now()
    return render(request, "desk/_work.html", contact=contact, now=now, **context)


def voice_of(request: AnyRequest, contact: Contact) -> dict[str, object]:
    """What the page says aloud: whose voice this is."""
    text = words_for(request).gettext("You now speak for %(brand)s", brand=contact.brand.name)
    return {"text": text, "assertive": True}


async def _closed(
    request: AnyRequest, actor: Actor, interaction_id: UUID | None, brand: str | None
) -> Closed | None:
    if interaction_id is None or brand is None:
        return None
    granted = actor.granted(brand, DESK_ROLES)
    database: Database = request.app.state.database
    async with database.begin(Scope.reading({granted.brand_id})) as db:
        contact = await read_contact(db, interaction_id, granted.brand_id, None)
    return Closed(contact.head.customer, contact.url) if contact.head.state == "closed" else None
