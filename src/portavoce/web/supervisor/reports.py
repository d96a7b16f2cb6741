"""`/s/reports`: figures over all the brands that the person supervises, by agent, team, brand, queue, outcome or reason."""

from __future__ import annotations

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.reporting.months import Month, month_of_day
from portavoce.reporting.team.exporting import exports_of
from portavoce.reporting.team.pieces import By
from portavoce.reporting.team.reading import read_brands
from portavoce.reporting.team.rows import team_report
from portavoce.web.access import SUPERVISOR_ROLES, Actor
from portavoce.web.errors import Rejected
from portavoce.web.i18n import words_for
from portavoce.web.pages import AnyRequest, page, shell
from portavoce.web.supervisor.brands import HOME, Face, read_faces
from portavoce.web.supervisor.report_query import BAD_MONTHS, Asked, BadMonths, read_asked
from portavoce.web.supervisor.report_table import BY_NAME, COLUMNS, lines, months_hidden, totals


class ReportController(Controller):
    path = "/reports"

    @get()
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        brand: FromQuery[list[str] | None] = None,
        by: FromQuery[str] = "",
        first: FromQuery[str] = "",
        last: FromQuery[str] = "",
        sort: FromQuery[str] = "",
    ) -> Response[str]:
        faces = await faces_of(request, actor)
        present = present_month(request)
        try:
            asked = read_asked(
                actor, faces, by=by, first=first, last=last, brand=brand or (), sort=sort, present=present
            )
        except BadMonths:
            raise Rejected(422, html=_mistaken(request, actor, faces, first, last, brand or [])) from None
        return page(await report_page(request, actor, faces, asked))


def present_month(request: AnyRequest) -> Month:
    """Of the house: brands of other zones may begin theirs a few hours before or after."""
    database: Database = request.app.state.database
    return month_of_day(database.clock.now().date())


async def faces_of(request: AnyRequest, actor: Actor) -> list[Face]:
    """Of every brand that the person supervises."""
    mine = actor.brands(SUPERVISOR_ROLES)
    database: Database = request.app.state.database
    async with database.begin(Scope.reading(mine)) as db:
        return await read_faces(db, mine)


async def report_page(request: AnyRequest, actor: Actor, faces: list[Face], asked: Asked) -> str:
    words = words_for(request)
    report = team_report(
        await read_brands(request.app.state.database, asked.brands, asked.first, asked.last), asked.by
    )
    async with request.app.state.database.begin(Scope.reading(actor.brands(SUPERVISOR_ROLES))) as db:
        exports = await exports_of(db, actor.person_id)
    return shell(
        request,
        actor,
        "supervisor/reports.html",
        current=HOME,
        faces=faces,
        exports=exports,
        asked=asked,
        form={"by": asked.by, "first": asked.first, "last": asked.last},
        chosen=asked.chosen,
        errors={},
        groupings=BY_NAME,
        columns=COLUMNS[asked.by],
        report=report,
        lines=lines(report, words, asked.sort),
        totals=totals(report),
        hidden=months_hidden(report),
    )


def _mistaken(
    request: AnyRequest, actor: Actor, faces: list[Face], first: str, last: str, chosen: list[str]
) -> str:
    """The form again, with what was wrong about the months."""
    errors = {"first": words_for(request).gettext(BAD_MONTHS)}
    form = {"by": By.TEAM, "first": first, "last": last}
    return shell(
        request, actor, "supervisor/reports.html", current=HOME, faces=faces, asked=None, form=form,
        chosen=chosen, errors=errors, groupings=BY_NAME, report=None,
    )  # fmt: skip
