"""The administrator's start: the brands, what waits for a person in quarantine, and walls that did not hold."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency

from portavoce.audit.isolation import breached
from portavoce.core.scope import Scope
from portavoce.web.access import ADMIN_ROLES, Actor
from portavoce.web.admin.listing import brand_rows, quarantine_counts
from portavoce.web.pages import page, shell


class AdminHomeController(Controller):
    path = "/admin"

    @get("/")
    async def index(self, request: Request[Any, Any, Any], actor: NamedDependency[Actor]) -> Response[str]:
        brands = actor.brands(ADMIN_ROLES)
        rows, counts, open_walls = [], {}, {}
        if brands:
            async with request.app.state.database.begin(Scope.reading(brands)) as db:
                rows, counts = await brand_rows(db, brands), await quarantine_counts(db)
                open_walls = await breached(db)
        local = actor.house_admin and not request.app.state.relay
        return page(
            shell(
                request,
                actor,
                "admin/home.html",
                current="/admin",
                brands=rows,
                counts=counts,
                open_walls=open_walls,
                local_mail=local,
            )
        )
