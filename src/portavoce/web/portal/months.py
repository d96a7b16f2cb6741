"""`/portal/{brand}` and `/portal/{brand}/{month}`: the service report."""

from __future__ import annotations

from litestar import Controller, Response, route
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.reporting.back_office import read_questions
from portavoce.reporting.breaches import read_breaches
from portavoce.reporting.guard import read_guard
from portavoce.reporting.layouts import layouts_of
from portavoce.reporting.mailing.commentary import said_in
from portavoce.reporting.money import month_money
from portavoce.reporting.nightly import last_night
from portavoce.reporting.reasons import read_reasons
from portavoce.web.access import Actor
from portavoce.web.i18n import words_for
from portavoce.web.pages import AnyRequest
from portavoce.web.portal.board import read_board
from portavoce.web.portal.brands import READ
from portavoce.web.portal.layouts import chosen_layout
from portavoce.web.portal.pages import REPORT, brand_page
from portavoce.web.portal.reading import Reading
from portavoce.web.portal.sheet import laid_out
from portavoce.web.portal.versions import versions_of


class MonthController(Controller):
    path = "/{brand:str}"

    @route(http_method=READ)
    async def index(self, reading: NamedDependency[Reading], month: FromQuery[str] = "") -> Redirect:
        """The month chosen in the form, else the present one."""
        chosen = reading.month(month) if month else reading.last_month
        return Redirect(f"/portal/{reading.brand.slug}/{chosen}", status_code=303)

    @route("/{month:str}", http_method=READ)
    async def show(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        reading: NamedDependency[Reading],
        db: NamedDependency[AsyncSession],
        month: FromPath[str],
        layout: FromQuery[str] = "",
    ) -> Response[str]:
        """Money is of all promises, whichever a layout shows."""
        brand, chosen = reading.brand, reading.month(month)
        shown = await chosen_layout(db, layout)
        board = await read_board(db, reading, chosen, words_for(request))
        report, sheet = board.report, board.sheet
        return brand_page(
            request,
            actor,
            reading,
            "portal/month.html",
            current=REPORT,
            report=report,
            sheet=laid_out(sheet, shown),
            money=month_money(report, [tile.standing for tile in sheet.tiles], board.adjusted),
            breaches=await read_breaches(db, report, board.relief.windows),
            guard=await read_guard(db, brand.zone, chosen, reading.anchor),
            questions=await read_questions(db, brand.zone, chosen, reading.anchor),
            compared=await last_night(db),
            said=await said_in(db, chosen),
            layout=shown,
            layouts=await layouts_of(db),
            reasons=await read_reasons(db, report),
            versions=versions_of(reading, report),
            issue=reading.issue,
            month=chosen,
            first_month=reading.first_month,
            last_month=reading.last_month,
        )
