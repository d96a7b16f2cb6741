"""The page of the desk that searches: over all brands of the agent, or one of them."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from portavoce.brands.faces import BrandFace, faces
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.web.access import DESK_ROLES, Actor
from portavoce.web.desk.pages import html, says, wants_page
from portavoce.web.desk.searching import LONGEST, Group, asks_something, search
from portavoce.web.i18n import words_for
from portavoce.web.pages import AnyRequest, render, shell

SEARCH = "/desk/search"


class SearchController(Controller):
    path = SEARCH

    @get()
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        q: FromQuery[str] = "",
        brand: FromQuery[str] = "",
    ) -> Response[str]:
        """Text and brand are the reader's own words: neither is kept, and the log names the route alone."""
        text = q[:LONGEST]
        database: Database = request.app.state.database
        known = await faces_of(database, actor)
        only = [known[actor.granted(brand, DESK_ROLES).brand_id]] if brand else list(known.values())
        groups = await search(database, only, text)
        found = {"text": text, "groups": groups, "asks": asks_something(text)}
        if not wants_page(request):
            return html(render(request, "desk/_found.html", **found), headers=_spoken(request, groups, text))
        return html(
            shell(
                request,
                actor,
                "desk/search.html",
                current=SEARCH,
                faces=list(known.values()),
                only=brand,
                **found,
            )
        )


async def faces_of(database: Database, actor: Actor) -> dict[UUID, BrandFace]:
    """The brands the actor speaks for, in order of name."""
    brands = actor.brands(DESK_ROLES)
    async with database.begin(Scope.reading(brands)) as db:
        return await faces(db, brands)


def _spoken(request: AnyRequest, groups: list[Group], text: str) -> dict[str, str]:
    """How much was found, said politely."""
    if not asks_something(text):
        return {}
    words, count = words_for(request), sum(len(group.rows) for group in groups)
    said = (
        words.ngettext("%(num)d result", "%(num)d results", count)
        if count
        else words.gettext("Nothing found")
    )
    return says(say={"text": said})
