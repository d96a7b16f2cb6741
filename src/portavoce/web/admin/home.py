"""The administrator's start: the brands, and what waits for a person in quarantine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from sqlalchemy import select

from portavoce.audit.models import HouseAudit
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE, Scope
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
        rows, counts = [], {}
        if brands:
            async with request.app.state.database.begin(Scope.reading(brands)) as db:
                rows, counts = await brand_rows(db, brands), await quarantine_counts(db)
        restored = await _restored(request.app.state.database) if actor.house_admin else None
        local = actor.house_admin and not request.app.state.relay
        return page(
            shell(
                request,
                actor,
                "admin/home.html",
                current="/admin",
                brands=rows,
                counts=counts,
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
