"""`/portal`: straight to the only brand, or the list of the person's own brands; to their one page for who only works."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, HttpMethod, Response, route
from litestar.di import NamedDependency
from litestar.response import Redirect

from portavoce.core.db import REPORT, Database
from portavoce.core.scope import Scope
from portavoce.web.access import (
    BACK_OFFICE_ROLES,
    CLIENT_ROLES,
    LEAD_ROLES,
    MISSING,
    PORTAL_ROLES,
    Actor,
    NotGranted,
)
from portavoce.web.pages import BRAND_CSS, AnyRequest, face, page, render
from portavoce.web.portal.reading import read_faces

READ = [HttpMethod.GET, HttpMethod.HEAD]


class BrandController(Controller):
    path = "/"

    @route(http_method=READ)
    async def index(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Response[str] | Redirect:
        granted = actor.brands(CLIENT_ROLES)
        if not granted:
            raise NotGranted(MISSING)
        database: Database = request.app.state.database
        async with database.begin(Scope.reading(granted), role=REPORT, snapshot=True) as db:
            brands = await read_faces(db, sorted(granted))
        homes = {each.id: f"/portal/{each.slug}{_place(actor, each.id)}" for each in brands}
        if len(brands) == 1:
            return Redirect(homes[brands[0].id], status_code=303)
        html = render(
            request,
            "portal/brands.html",
            person=face(actor.name),
            brand_css=BRAND_CSS,
            brands=brands,
            homes=homes,
        )
        return page(html)


def _place(actor: Actor, brand_id: UUID) -> str:
    """Where they begin, by what they may do there."""
    places = ((PORTAL_ROLES, ""), (BACK_OFFICE_ROLES, "/requests"), (LEAD_ROLES, "/leads"))
    return next((place for roles, place in places if brand_id in actor.brands(roles)), "/counter")
