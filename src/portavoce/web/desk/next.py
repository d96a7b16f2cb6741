"""Take next: the page asks for one contact, and gets it whichever brand it is of."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, post
from litestar.di import NamedDependency

from portavoce.agents.aliases import agent_of
from portavoce.agents.errors import NoAgent
from portavoce.conversations.taking import take_next
from portavoce.core import metrics
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE, Scope
from portavoce.web.access import DESK_ROLES, Actor
from portavoce.web.desk.contact import read_contact
from portavoce.web.desk.interactions import opened, typed_before, voice_of
from portavoce.web.desk.me import presence_of
from portavoce.web.desk.pages import HOME, html, moved, says, wants_page
from portavoce.web.desk.states import NOBODY
from portavoce.web.pages import AnyRequest, render

ALERTS = {"HX-Retarget": "#alerts", "HX-Reswap": "innerHTML"}


class NextController(Controller):
    path = "/desk/next"

    @post(status_code=200)
    async def create(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Response[Any]:
        """One contact, opened; or the words for why there is none."""
        database: Database = request.app.state.database
        async with database.begin(HOUSE) as db:
            agent = await agent_of(db, actor.person_id)
        if agent is None:
            raise NoAgent(NOBODY)
        taken = await take_next(database, agent.agent_id, actor.brands(DESK_ROLES))
        if taken is None:
            return _nothing(request)
        metrics.CLAIMS.labels("won").inc()
        async with database.begin(Scope.reading({taken.brand_id})) as db:
            contact = await read_contact(db, taken.interaction_id, taken.brand_id, agent.agent_id)
            typed = await typed_before(db, contact)
            presence = render(request, "desk/_live_presence.html", presence=await presence_of(db, agent))
        if wants_page(request):
            return moved(contact.url)
        events: dict[str, dict[str, object]] = {
            "taken": {"id": str(taken.interaction_id)}, "say": voice_of(request, contact),
        }  # fmt: skip
        work = opened(request, contact, **typed)
        return html(work + presence, headers={"HX-Push-Url": contact.url, **says(**events)})


def _nothing(request: AnyRequest) -> Response[Any]:
    if wants_page(request):
        return moved(f"{HOME}?nothing=true")
    return html(render(request, "desk/_nothing.html"), headers=ALERTS)
