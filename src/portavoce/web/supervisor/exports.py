"""`/s/reports/exports`: a team report prepared as a file, how far it is, and the file."""

from __future__ import annotations

import asyncio
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.reporting.errors import NoReport
from portavoce.reporting.team.exporting import Export, begin_export, export_of, read_export
from portavoce.web.access import MISSING, PASSIVE, SUPERVISOR_ROLES, Actor, NotGranted
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.pages import AnyRequest, page, render, shell
from portavoce.web.supervisor.brands import HOME
from portavoce.web.supervisor.report_files import csv_of, workbook_of
from portavoce.web.supervisor.report_query import HERE, Asked, BadMonths, read_asked
from portavoce.web.supervisor.report_table import BY_NAME
from portavoce.web.supervisor.reports import faces_of, present_month

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MADE = {"csv": ("text/csv", csv_of), "xlsx": (XLSX, workbook_of)}
Short = Annotated[str, msgspec.Meta(max_length=20)]


class ReportForm(msgspec.Struct, kw_only=True):
    """A report as the page that shows it names it; `brand` holds slugs, and none means all."""

    by: Short = ""
    first: Short = ""
    last: Short = ""
    brand: list[str] = []


class ExportController(Controller):
    path = "/reports/exports"

    @post("/", status_code=303)
    async def create(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Redirect:
        """The form carries nothing that was typed: what is wrong about it is not there."""
        asked = await asked_of(request, actor)
        export_id = await begin_export(
            request.app.state.database, actor.person_id, asked.brands, asked.by, (asked.first, asked.last)
        )
        return Redirect(f"{HERE}/exports/{export_id}", status_code=303)

    @get("/{export_id:uuid}")
    async def show(
        self, request: AnyRequest, actor: NamedDependency[Actor], export_id: FromPath[UUID]
    ) -> Response[str]:
        export = await _own(request, actor, export_id)
        told = {"export": export, "groupings": BY_NAME}
        return page(shell(request, actor, "supervisor/export.html", current=HOME, **told))

    @get("/{export_id:uuid}/state", opt={PASSIVE: True})
    async def state(
        self, request: AnyRequest, actor: NamedDependency[Actor], export_id: FromPath[UUID]
    ) -> Response[str]:
        """How far it is, for a page that waits; at the end the page is led to itself."""
        export = await _own(request, actor, export_id)
        answer = page(render(request, "supervisor/_export_state.html", export=export))
        if export.is_ready or export.failed:
            answer.headers["HX-Redirect"] = f"{HERE}/exports/{export_id}"
        return answer

    @get("/{export_id:uuid}/files/{suffix:str}")
    async def file(
        self, request: AnyRequest, actor: NamedDependency[Actor], export_id: FromPath[UUID],
        suffix: FromPath[str],
    ) -> Response[bytes]:  # fmt: skip
        export = await _own(request, actor, export_id)
        if suffix not in MADE or not export.is_ready:
            raise NoReport(MISSING)
        report = await read_export(request.app.state.database, request.app.state.storage, export)
        brands = {face.slug: face.name for face in await faces_of(request, actor)}
        media_type, make = MADE[suffix]
        content = await asyncio.to_thread(make, report, brands, words_for(request))
        name = f"report-{export.by}-{export.first}-{export.last}.{suffix}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=media_type, headers=headers)


async def asked_of(request: AnyRequest, actor: Actor) -> Asked:
    """The report that a posted form names; NoReport for what no page has offered."""
    form, _, _ = await read(request, ReportForm)
    if form is None:
        raise NoReport(MISSING)
    faces = await faces_of(request, actor)
    try:
        return read_asked(
            actor, faces, by=form.by, first=form.first, last=form.last, brand=form.brand, sort="",
            present=present_month(request),
        )  # fmt: skip
    except BadMonths:
        raise NoReport(MISSING) from None


async def _own(request: AnyRequest, actor: Actor, export_id: UUID) -> Export:
    """As the grants of now allow it; NotGranted for anybody else's."""
    database: Database = request.app.state.database
    try:
        async with database.begin(Scope.reading(actor.brands(SUPERVISOR_ROLES))) as db:
            return await export_of(db, actor.person_id, export_id)
    except NoReport:
        raise NotGranted(MISSING) from None
