"""What the agent asks to be: available, in after-contact work, on a pause, off duty."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Controller, Response, post, put
from litestar.di import NamedDependency
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.aliases import agent_of
from portavoce.agents.choosing import choose_state
from portavoce.agents.errors import NoAgent, UnknownState
from portavoce.agents.models import AgentProfile
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.web.access import Actor
from portavoce.web.desk.me import presence_of
from portavoce.web.desk.pages import HOME, html, moved, wants_page
from portavoce.web.forms import read
from portavoce.web.i18n import N_
from portavoce.web.pages import AnyRequest, render

UNKNOWN = N_("Choose one of the states in the list.")
NOBODY = N_("This person is not an agent. Ask an administrator to add them as one.")


class StateForm(msgspec.Struct):
    """`ready`, `acw`, `offline`, or `aux` with a code behind it."""

    state: str


class StateController(Controller):
    path = "/desk/state"

    @put(status_code=200)
    async def update(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Response[Any]:
        return await _choose(request, actor)

    @post(status_code=200)
    async def create(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Response[Any]:
        """The same, for forms."""
        return await _choose(request, actor)


async def _choose(request: AnyRequest, actor: Actor) -> Response[Any]:
    form, _errors, _raw = await read(request, StateForm)
    if form is None:
        raise UnknownState(UNKNOWN)
    chosen, _, aux = form.state.partition(" ")

    async def work(db: AsyncSession) -> AgentProfile:
        agent = await agent_of(db, actor.person_id)
        if agent is None:
            raise NoAgent(NOBODY)
        await choose_state(db, agent.agent_id, chosen, aux or None)
        return agent

    database: Database = request.app.state.database
    agent = await database.run(HOUSE, work)
    if wants_page(request):
        return moved(HOME)
    async with database.begin(HOUSE) as db:
        presence = await presence_of(db, agent)
    return html(render(request, "desk/_presence.html", presence=presence))
