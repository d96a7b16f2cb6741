"""One brand: what the provider says to its client about a month, a week or a day. Supervisors write it too."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars.turns import last_turn
from portavoce.channels.email.quarantine import quarantined_count
from portavoce.core.unit import now
from portavoce.identity.granting import Granted
from portavoce.reporting.mailing.commentary import LONGEST, newest_said, write_commentary
from portavoce.reporting.mailing.periods import Period, period_of, read_period
from portavoce.reporting.months import day_of, month_of_day
from portavoce.web.access import (
    ADMIN_ROLES,
    Actor,
    provide_actor,
    provide_brand_db,
    provide_supervised_brand,
)
from portavoce.web.admin.listing import BrandRow, brand_rows
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import page, shell

AnyRequest = Request[Any, Any, Any]
NO_PERIOD = N_("Choose one of the options shown.")
DAYS_OFFERED = 7


class CommentaryForm(msgspec.Struct):
    period: str
    text: Annotated[str, msgspec.Meta(max_length=LONGEST, extra={"lines": True})] = ""


class CommentaryController(Controller):
    path = "/"

    @get("/")
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        saved: FromQuery[str] = "",
    ) -> Response[str]:
        return page(await _page(request, actor, granted, db, {}, {}, saved=bool(saved)))

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        form, errors, raw = await read(request, CommentaryForm)
        period = read_period(form.period) if form else None
        if form is not None and period is None:
            errors = {"period": words_for(request).gettext(NO_PERIOD)}
        if form is None or period is None:
            raise Rejected(422, html=await _page(request, actor, granted, db, raw, errors))
        await write_commentary(db, period, form.text, person_id=actor.person_id)
        return Redirect(f"/admin/b/{granted.slug}/commentary?saved=1", status_code=303)


commentary_router = Router(
    "/admin/b/{brand:str}/commentary",
    route_handlers=[CommentaryController],
    dependencies={
        "actor": Provide(provide_actor),
        "granted": Provide(provide_supervised_brand),
        "db": Provide(provide_brand_db),
    },
)
"""Apart from the rest of the administration, which is closed to supervisors."""


def offered(brand: BrandRow, db: AsyncSession) -> list[Period]:
    """The running month and the one before, last week, and the last days."""
    today = day_of(now(db), brand.zone)
    months = [month_of_day(today), month_of_day(today).previous]
    week = last_turn("weekly", 0, brand.zone, now(db))
    days = [today - timedelta(days=n) for n in range(DAYS_OFFERED)]
    return [
        *(Period("monthly", each.first, each.next.first - timedelta(days=1)) for each in months),
        period_of("weekly", week),
        *(Period("daily", day, day) for day in days),
    ]


async def _page(
    request: AnyRequest, actor: Actor, granted: Granted, db: AsyncSession, form: dict[str, str],
    errors: dict[str, str], *, saved: bool = False,
) -> str:  # fmt: skip
    (brand,) = await brand_rows(db, [granted.brand_id])
    return shell(
        request,
        actor,
        "admin/commentary.html",
        current="/admin/brands",
        brand=brand,
        keeps=brand.id in actor.brands(ADMIN_ROLES),
        waiting=await quarantined_count(db),
        periods=offered(brand, db),
        said=await newest_said(db),
        longest=LONGEST,
        form=form,
        errors=errors,
        saved=saved,
    )
