"""How long the house keeps things, what the last removal took, and when the next one is."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency

from portavoce.brands.limits import HOUSE_KEPT_DAYS, KEPT_DAYS
from portavoce.core.scope import HOUSE
from portavoce.core.unit import now
from portavoce.privacy.removing import last_run, next_run
from portavoce.web.access import Actor, house_admin
from portavoce.web.pages import page, shell


class RetentionController(Controller):
    path = "/admin/retention"
    guards = (house_admin,)

    @get("/")
    async def index(self, request: Request[Any, Any, Any], actor: NamedDependency[Actor]) -> Response[str]:
        async with request.app.state.database.begin(HOUSE) as db:
            run, following = await last_run(db), next_run(now(db))
        periods = [(each.name, each.default, True) for each in KEPT_DAYS]
        periods += [(name, days, False) for name, days in HOUSE_KEPT_DAYS.items()]
        html = shell(
            request,
            actor,
            "admin/retention.html",
            current="/admin",
            run=run,
            next_run=following,
            periods=periods,
        )
        return page(html)
