"""`/portal`: straight to the only brand, or the list of the person's own brands; to their one page for who only works."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from litestar import Controller, HttpMethod, Response, route
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from portavoce.core.db import REPORT, Database
from portavoce.core.scope import Scope
from portavoce.core.unit import now
from portavoce.reporting.errors import NoReport
from portavoce.reporting.months import Month, month_of, read_month
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
from portavoce.web.portal.group import read_group
from portavoce.web.portal.reading import Face, read_faces

READ = [HttpMethod.GET, HttpMethod.HEAD]


class BrandController(Controller):
    path = "/"

    @route(http_method=READ)
    async def index(
        self, request: AnyRequest, actor: NamedDependency[Actor], month: FromQuery[str] = ""
    ) -> Response[str] | Redirect:
        """Who reads the figures of several brands sees a month of all of them, the running one by itself."""
        granted = actor.brands(CLIENT_ROLES)
        if not granted:
            raise NotGranted(MISSING)
        database: Database = request.app.state.database
        async with database.begin(Scope.reading(granted), role=REPORT, snapshot=True) as db:
            brands, present = await read_faces(db, sorted(granted)), now(db)
        homes = {each.id: f"/portal/{each.slug}{_place(actor, each.id)}" for each in brands}
        if len(brands) == 1:
            return Redirect(homes[brands[0].id], status_code=303)
        read = [each.id for each in brands if each.id in actor.brands(PORTAL_ROLES)]
        chosen = _month(month, present, [each for each in brands if each.id in read])
        html = render(
            request,
            "portal/brands.html",
            person=face(actor.name),
            brand_css=BRAND_CSS,
            brands=brands,
            homes=homes,
            month=chosen,
            group=await read_group(database, read, chosen) if len(read) > 1 else [],
        )
        return page(html)


def _month(text: str, present: datetime, brands: Sequence[Face]) -> Month:
    """The one that was asked for, else the one that runs where the clock is ahead of all; NoReport for nonsense."""
    if not text:
        return max((month_of(present, each.zone) for each in brands), default=month_of(present, "UTC"))
    month = read_month(text)
    if month is None:
        raise NoReport(MISSING)
    return month


def _place(actor: Actor, brand_id: UUID) -> str:
    """Where they begin, by what they may do there."""
    places = ((PORTAL_ROLES, ""), (BACK_OFFICE_ROLES, "/requests"), (LEAD_ROLES, "/leads"))
    return next((place for roles, place in places if brand_id in actor.brands(roles)), "/counter")
