"""The administrator's start: the brands, what waits for a person, and walls that did not hold."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from sqlalchemy import select

from portavoce.audit.isolation import breached
from portavoce.audit.models import HouseAudit
from portavoce.channels.email.dead_letters import dead_counts, house_dead_count
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE, Scope
from portavoce.privacy.removing import next_run
from portavoce.web.access import ADMIN_ROLES, Actor
from portavoce.web.admin.listing import brand_rows, quarantine_counts
from portavoce.web.pages import page, shell

RESTORED = "installation.restored"
SHOWN_FOR = timedelta(days=7)


class Restoration(NamedTuple):
    """The system was brought back at `at` as it was at `made_at`; so many deliveries wait for a person."""

    at: datetime
    made_at: datetime
    deliveries: int


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
        restored = None
        if actor.house_admin:
            restored = await _restored(database)
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
                restored=restored,
            )
        )


async def _restored(database: Database) -> Restoration | None:
    """The last restore from a backup, while people may still have to look after what it left open."""
    since = database.clock.now() - SHOWN_FOR
    query = (
        select(HouseAudit.at, HouseAudit.detail)
        .where(HouseAudit.action == RESTORED, HouseAudit.at > since)
        .order_by(HouseAudit.at.desc())
        .limit(1)
    )
    async with database.begin(HOUSE) as db:
        found = (await db.execute(query)).one_or_none()
    if found is None:
        return None
    detail = msgspec.json.decode(found.detail)
    return Restoration(found.at, datetime.fromisoformat(detail["made_at"]), detail["deliveries"])
