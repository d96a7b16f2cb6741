"""Answers of the desk: a fragment for htmx, the whole page or a redirect for a browser without it."""

from __future__ import annotations

import json
from typing import Any

from litestar import MediaType, Response
from litestar.response import Redirect

from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.web.access import DESK_ROLES, Actor
from portavoce.web.desk.contact import Contact
from portavoce.web.desk.items import read_lists
from portavoce.web.desk.me import agent_and_presence
from portavoce.web.errors import is_htmx
from portavoce.web.pages import AnyRequest, shell

HOME = "/desk"
UNDO = "undo"
"""What a toast's button means: post to its address, and show what comes in the place of the contact."""


def html(content: str, *, status: int = 200, headers: dict[str, str] | None = None) -> Response[str]:
    extra = {"Vary": "HX-Request", **(headers or {})}
    return Response(content, status_code=status, media_type=MediaType.HTML, headers=extra)


def moved(url: str) -> Response[Any]:
    return Redirect(url, status_code=303)


def says(**events: dict[str, object]) -> dict[str, str]:
    """Events the page's scripts hear: toast, say. Headers carry ASCII only."""
    return {"HX-Trigger": json.dumps(events)}


def wants_page(request: AnyRequest) -> bool:
    return not is_htmx(request)


async def desk_page(request: AnyRequest, actor: Actor, contact: Contact | None, **context: Any) -> str:
    """The whole desk with one contact open, or none. Reads the lists in a session of its own."""
    database: Database = request.app.state.database
    async with database.begin(Scope.reading(actor.brands(DESK_ROLES))) as db:
        agent, presence = await agent_and_presence(db, actor.person_id)
        wrapping = presence is not None and presence.acw_until is not None
        lists = await read_lists(db, actor.brands(DESK_ROLES), agent, wrapping=wrapping)
        defaults = {
            "text": "",
            "note_text": "",
            "problem": "",
            "compose": "reply",
            "closed": None,
        }
        return shell(
            request,
            actor,
            "desk/desk.html",
            current=HOME,
            now=database.clock.now(),
            lists=lists,
            presence=presence,
            contact=contact,
            stream=contact.stream if contact else "/desk/stream",
            **{**defaults, **context},
        )
