"""The administrator's start: the brands, what waits for a person, and walls that did not hold."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency

from portavoce.audit.isolation import breached
from portavoce.channels.email.dead_letters import dead_counts, house_dead_count
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE, Scope
from portavoce.privacy.removing import next_run
from portavoce.web.access import ADMIN_ROLES, Actor
from portavoce.web.admin.listing import brand_rows, quarantine_counts
from portavoce.web.pages import page, shell


class AdminHomeController(Controller):
    path = "/admin"

    @get("/")
    async def index(self, request: Request[Any, Any, Any], actor: NamedDependency[Actor]) -> Response[str]:
        brands = actor.brands(ADMIN_ROLES)
        database: Database = request.app.state.database
        rows, counts, dead, house_dead, open_walls = [], {}, {}, 0, {}
        if brands:
            async with database.begin(Scope.reading(brands)) as db:
                rows, counts = await brand_rows(db, brands), await quarantine_counts(db)
                dead, open_walls = await dead_counts(db), await breached(db)
        if actor.house_admin:
            async with database.begin(HOUSE) as db:
                house_dead = await house_dead_count(db)
        local = actor.house_admin and not request.app.state.relay
        return page(
            shell(
                request,
                actor,
                "admin/home.html",
                current="/admin",
                brands=rows,
                counts=counts,
                dead=dead,
                undelivered=sum(dead.values()) + house_dead,
                next_run=next_run(database.clock.now()),
                open_walls=open_walls,
                local_mail=local,
            )
        )
