"""One brand's addresses: does mail come in, do replies leave; and a test that goes the whole way."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email.checking import begin_check, send_check
from portavoce.channels.email.health import Health, health_of
from portavoce.channels.email.quarantine import quarantined_count
from portavoce.core.scope import Scope
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor, provide_admin_brand, provide_brand_db
from portavoce.web.admin.listing import brand_rows
from portavoce.web.pages import page, render, shell

AnyRequest = Request[Any, Any, Any]
HERE = "/admin/b/{brand:str}/mail"


class MailHealthController(Controller):
    path = HERE
    dependencies = {"granted": provide_admin_brand, "db": provide_brand_db}

    @get("/")
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Response[str]:
        (brand,) = await brand_rows(db, [granted.brand_id])
        html = shell(
            request,
            actor,
            "admin/mail_health.html",
            current="/admin/brands",
            brand=brand,
            waiting=await quarantined_count(db),
            **_state(await health_of(db)),
        )
        return page(html)

    @get("/state")
    async def show(
        self,
        request: AnyRequest,
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Response[str]:
        """The table alone, asked for again while a test is on its way."""
        (brand,) = await brand_rows(db, [granted.brand_id])
        return page(render(request, "admin/_mail_health.html", brand=brand, **_state(await health_of(db))))


class CheckController(Controller):
    path = f"{HERE}/{{mailbox:uuid}}/check"
    dependencies = {"granted": provide_admin_brand}

    @post("/", status_code=303)
    async def create(
        self, request: AnyRequest, granted: NamedDependency[Granted], mailbox: FromPath[UUID]
    ) -> Redirect:
        """The row is committed before the mail goes, or it could arrive before there is one."""
        state = request.app.state
        async with state.database.begin(Scope.writing(granted.brand_id)) as db:
            check, address = await begin_check(db, mailbox, by="admin")
        await send_check(
            state.database,
            state.check_keys,
            granted.brand_id,
            check.id,
            address=address,
            host=state.settings.host,
            port=state.settings.smtp_port,
        )
        return Redirect(f"/admin/b/{granted.slug}/mail", status_code=303)


MAIL_HEALTH = (MailHealthController, CheckController)


def _state(addresses: list[Health]) -> dict[str, object]:
    under_way = any(each.check is not None and each.check.state == "waiting" for each in addresses)
    return {"addresses": addresses, "under_way": under_way}
