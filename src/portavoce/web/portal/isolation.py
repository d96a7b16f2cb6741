"""`/portal/{brand}/isolation`: what last night's attempts to reach this brand's data from outside came to."""

from __future__ import annotations

from datetime import timedelta

from litestar import Controller, Response, route
from litestar.di import NamedDependency
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.isolation import nights
from portavoce.core.unit import now
from portavoce.web.access import Actor
from portavoce.web.pages import AnyRequest
from portavoce.web.portal.brands import READ
from portavoce.web.portal.pages import ISOLATION, brand_page
from portavoce.web.portal.reading import Reading

OVERDUE = timedelta(days=2)


class IsolationController(Controller):
    path = "/{brand:str}/isolation"

    @route(http_method=READ)
    async def show(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        reading: NamedDependency[Reading],
        db: NamedDependency[AsyncSession],
    ) -> Response[str]:
        found = await nights(db)
        return brand_page(
            request,
            actor,
            reading,
            "portal/isolation.html",
            current=ISOLATION,
            nights=found,
            overdue=bool(found) and now(db) - found[0].at >= OVERDUE,
        )
