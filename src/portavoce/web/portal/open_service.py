"""`/portal/{brand}/open-service`: an approver shows the brand's measured service to everybody, or no longer."""

from __future__ import annotations

from litestar import Controller, post
from litestar.di import NamedDependency, Provide
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.identity.granting import Granted
from portavoce.reporting.open_service.switching import switch_off, switch_on
from portavoce.web.access import provide_approver_brand, provide_brand_db


class OpenServiceController(Controller):
    path = "/{brand:str}/open-service"
    dependencies = {"granted": Provide(provide_approver_brand), "db": Provide(provide_brand_db)}

    @post("/", status_code=303)
    async def create(self, db: NamedDependency[AsyncSession], granted: NamedDependency[Granted]) -> Redirect:
        await switch_on(db)
        return Redirect(f"/portal/{granted.slug}/regulator?saved=on", status_code=303)

    @post("/removal", status_code=303)
    async def remove(self, db: NamedDependency[AsyncSession], granted: NamedDependency[Granted]) -> Redirect:
        await switch_off(db)
        return Redirect(f"/portal/{granted.slug}/regulator?saved=off", status_code=303)
