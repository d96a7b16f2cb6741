"""Everything that a month shows, read once: the page, the spreadsheet and the PDF are made of the same."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.reporting.commitments import Commitment, commitments
from portavoce.reporting.layouts import WHOLE, Layout
from portavoce.reporting.lists import read_latest
from portavoce.reporting.mailing.commentary import Said
from portavoce.reporting.month import MonthReport, read_month_report
from portavoce.reporting.months import Month
from portavoce.reporting.ranks import read_ranks
from portavoce.web.i18n import Words
from portavoce.web.portal.reading import Reading
from portavoce.web.portal.sheet import LATE_SHOWN, Sheet, laid_out, make_sheet


async def read_board(
    db: AsyncSession, reading: Reading, month: Month, words: Words
) -> tuple[MonthReport, Sheet]:
    report = await read_month_report(db, reading.brand.id, reading.brand.zone, month, reading.anchor)
    standing = commitments(report, await read_ranks(db, report))
    before = await _before(db, report) if reading.first_month < month else []
    late = await read_latest(db, report, "late", LATE_SHOWN)
    return report, make_sheet(report, standing, before, late, words)


def on_paper(
    reading: Reading, report: MonthReport, sheet: Sheet, said: list[Said], layout: Layout = WHOLE
) -> dict[str, Any]:
    """What `portal/print.html` needs."""
    return {
        "brand": reading.brand,
        "zone": reading.brand.zone,
        "anchor": reading.anchor,
        "month": report.month,
        "report": report,
        "sheet": laid_out(sheet, layout),
        "layout": layout,
        "said": said,
    }


async def _before(db: AsyncSession, report: MonthReport) -> list[Commitment]:
    """Of the month before, to compare with."""
    earlier = await read_month_report(db, report.brand_id, report.zone, report.month.previous, report.anchor)
    return commitments(earlier, await read_ranks(db, earlier))
