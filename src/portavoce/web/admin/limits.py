"""One brand's numbers: what it may use and has used, how long its data is kept; blank means as everybody."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit_house
from portavoce.brands.limits import KEPT_DAYS, LIMITS, MEGABYTE, QUOTAS, TIMERS, overrides, set_limit
from portavoce.brands.quotas import used
from portavoce.channels.email.quarantine import quarantined_count
from portavoce.core.models import StoredFile
from portavoce.core.unit import now
from portavoce.identity.granting import Granted
from portavoce.privacy.removing import last_run, next_run
from portavoce.web.access import Actor, provide_admin_brand, provide_brand_db
from portavoce.web.admin.listing import brand_rows
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.pages import page, shell

AnyRequest = Request[Any, Any, Any]
LimitForm = msgspec.defstruct(
    "LimitForm",
    [
        (each.name, Annotated[int, msgspec.Meta(ge=each.least, le=each.most)] | None, None)
        for each in LIMITS.values()
    ],
    kw_only=True,
)


class LimitController(Controller):
    path = "/admin/b/{brand:str}/limits"
    dependencies = {"granted": provide_admin_brand, "db": provide_brand_db}

    @get("/")
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        saved: FromQuery[str] = "",
    ) -> Response[str]:
        own = {name: str(value) for name, value in (await overrides(db)).items()}
        return page(await _page(request, actor, granted, db, own, {}, saved=bool(saved)))

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        form, errors, raw = await read(request, LimitForm)
        if form is None:
            raise Rejected(422, html=await _page(request, actor, granted, db, raw, errors))
        for name in LIMITS:
            await set_limit(db, name, getattr(form, name), by="admin")
        audit_house(db, actor.person_id, "limits.saved", "brand", granted.brand_id)
        return Redirect(f"/admin/b/{granted.slug}/limits?saved=1", status_code=303)


async def _page(
    request: AnyRequest,
    actor: Actor,
    granted: Granted,
    db: AsyncSession,
    form: dict[str, str],
    errors: dict[str, str],
    *,
    saved: bool = False,
) -> str:
    (brand,) = await brand_rows(db, [granted.brand_id])
    stored = (await db.execute(select(func.coalesce(func.sum(StoredFile.size), 0)))).scalar_one()
    at = now(db)
    return shell(
        request,
        actor,
        "admin/limits.html",
        current="/admin/brands",
        brand=brand,
        waiting=await quarantined_count(db),
        quotas=QUOTAS,
        kept=KEPT_DAYS,
        timers=TIMERS,
        used={**await used(db), "stored_mb": -(-int(stored) // MEGABYTE), **_screens(request, brand.id)},
        last_run=await last_run(db),
        next_run=next_run(at),
        form=form,
        errors=errors,
        saved=saved,
    )


def _screens(request: AnyRequest, brand_id: Any) -> dict[str, int]:
    """Without the lifespan of the application, as in a test of one page, there is no hub."""
    hub = request.app.state.get("hub")
    return {} if hub is None else {"streams": hub.watching(brand_id)}
