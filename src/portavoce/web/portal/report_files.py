"""`/portal/{brand}/{month}/report.xlsx`, `report.pdf` and `evidence.jsonl`: the month to take away, with the same numbers."""

from __future__ import annotations

import asyncio
from functools import partial

from litestar import Controller, Response, route
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.db import REPORT, Database
from portavoce.core.scope import Scope
from portavoce.reporting.exporting import month_file
from portavoce.reporting.mailing.commentary import said_in
from portavoce.reporting.month import read_month_report
from portavoce.reporting.months import Month
from portavoce.web.exports import charge_export
from portavoce.web.i18n import words_for
from portavoce.web.pages import AnyRequest, render
from portavoce.web.pdf import pdf_of
from portavoce.web.portal.board import on_paper, read_board
from portavoce.web.portal.brands import READ
from portavoce.web.portal.layouts import chosen_layout
from portavoce.web.portal.reading import Reading
from portavoce.web.portal.workbook import XLSX, workbook_of


class ReportFileController(Controller):
    path = "/{brand:str}/{month:str}"

    @route("/report.xlsx", http_method=READ)
    async def spreadsheet(
        self,
        request: AnyRequest,
        reading: NamedDependency[Reading],
        db: NamedDependency[AsyncSession],
        month: FromPath[str],
        layout: FromQuery[str] = "",
    ) -> Response[bytes]:
        chosen, words = reading.month(month), words_for(request)
        shown = await chosen_layout(db, layout)
        await charge_export(request, reading.brand.id)
        board = await read_board(db, reading, chosen, words)
        content = await asyncio.to_thread(
            workbook_of, reading.brand.name, board.report, board.sheet, words, shown
        )
        return Response(content, media_type=XLSX, headers=_named(reading, chosen, "xlsx"))

    @route("/report.pdf", http_method=READ)
    async def document(
        self,
        request: AnyRequest,
        reading: NamedDependency[Reading],
        db: NamedDependency[AsyncSession],
        month: FromPath[str],
        layout: FromQuery[str] = "",
    ) -> Response[bytes]:
        """Made of a page of its own for paper, apart from the requests that wait."""
        chosen, words = reading.month(month), words_for(request)
        shown = await chosen_layout(db, layout)
        await charge_export(request, reading.brand.id)
        board = await read_board(db, reading, chosen, words)
        html = render(
            request, "portal/print.html", **on_paper(reading, board, await said_in(db, chosen), shown)
        )
        content = await asyncio.to_thread(pdf_of, html)
        return Response(content, media_type="application/pdf", headers=_named(reading, chosen, "pdf"))

    @route("/evidence.jsonl", http_method=READ)
    async def evidence(
        self,
        request: AnyRequest,
        reading: NamedDependency[Reading],
        db: NamedDependency[AsyncSession],
        month: FromPath[str],
    ) -> Stream:
        """What `portavoce verify FILE` computes again."""
        chosen, brand = reading.month(month), reading.brand
        await charge_export(request, reading.brand.id)
        report = await read_month_report(db, brand.id, brand.zone, chosen, reading.anchor)
        database: Database = request.app.state.database
        begin = partial(database.begin, Scope.reading({brand.id}), role=REPORT, snapshot=True)
        return Stream(
            month_file(begin, report),
            media_type="application/x-ndjson",
            headers=_named(reading, chosen, "jsonl"),
        )


def _named(reading: Reading, month: Month, suffix: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{reading.brand.slug}-{month}.{suffix}"'}
