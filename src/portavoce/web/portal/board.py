"""Everything that a month shows, read once: the page, the spreadsheet and the PDF are made of the same."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.reporting.commitments import Commitment
from portavoce.reporting.layouts import WHOLE, Layout
from portavoce.reporting.lists import read_latest
from portavoce.reporting.mailing.commentary import Said
from portavoce.reporting.money import Adjusted
from portavoce.reporting.month import MonthReport, read_month_report
from portavoce.reporting.months import Month
from portavoce.reporting.relief.reading import Relief, adjusted_commitments, read_relief
from portavoce.reporting.standing import read_standing
from portavoce.web.i18n import Words
from portavoce.web.portal.reading import Reading
from portavoce.web.portal.sheet import LATE_SHOWN, Sheet, laid_out, make_sheet


class Board(msgspec.Struct, frozen=True):
    report: MonthReport
    sheet: Sheet
    relief: Relief
    adjusted: Adjusted


async def read_board(db: AsyncSession, reading: Reading, month: Month, words: Words) -> Board:
    report = await read_month_report(db, reading.brand.id, reading.brand.zone, month, reading.anchor)
    standing = await read_standing(db, report)
    relief = await read_relief(db, report)
    adjusted = await adjusted_commitments(db, relief, standing)
    before = await _before(db, report) if reading.first_month < month else []
    late = await read_latest(db, report, "late", LATE_SHOWN)
    sheet = make_sheet(report, standing, before, late, words, relief.events, adjusted)
    return Board(report, sheet, relief, Adjusted(relief.adjusted, adjusted))


def on_paper(reading: Reading, board: Board, said: list[Said], layout: Layout = WHOLE) -> dict[str, Any]:
    """What `portal/print.html` needs."""
    return {
        "brand": reading.brand,
        "zone": reading.brand.zone,
        "anchor": reading.anchor,
        "month": board.report.month,
        "report": board.report,
        "sheet": laid_out(board.sheet, layout),
        "layout": layout,
        "said": said,
    }


async def _before(db: AsyncSession, report: MonthReport) -> list[Commitment]:
    """Of the month before, to compare with."""
    earlier = await read_month_report(db, report.brand_id, report.zone, report.month.previous, report.anchor)
    return await read_standing(db, earlier)
