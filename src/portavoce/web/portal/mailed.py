"""A report as a letter: the page's own numbers at one state of the ledger, as text and as the files that were asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from decimal import Decimal

from portavoce.core.db import REPORT, Database
from portavoce.core.paths import frontend_dir
from portavoce.core.scope import Scope
from portavoce.identity.mails import House
from portavoce.reporting.layouts import WHOLE, Layout, find_layout
from portavoce.reporting.mailing.commentary import Said, commentary_of, said_in
from portavoce.reporting.mailing.postman import Asked, Attached, Letter
from portavoce.web.formats import Formats
from portavoce.web.i18n import N_, Words
from portavoce.web.pdf import pdf_of
from portavoce.web.portal.board import Board, on_paper, read_board
from portavoce.web.portal.links import Links
from portavoce.web.portal.reading import Reading, reading_at
from portavoce.web.portal.sheet import Sheet, laid_out
from portavoce.web.portal.workbook import COMMITMENTS, XLSX, Value, commitment_rows, workbook_of
from portavoce.web.spreadsheet import MARK, lines
from portavoce.web.templating import Templates, make_templates

SUBJECTS = {
    "daily": N_("%(brand)s: report of %(day)s"),
    "weekly": N_("%(brand)s: report of the week from %(day)s"),
    "monthly": N_("%(brand)s: report of %(month)s"),
}


async def write_letter(database: Database, asked: Asked, *, house: House) -> Letter:
    """Read as the portal reads: as `report`, in one snapshot, of the one brand."""
    templates = make_templates(frontend_dir())
    words, month = templates.words[asked.language], asked.period.month
    scope = Scope.reading({asked.brand_id})
    async with database.begin(scope, role=REPORT, snapshot=True) as db:
        reading = await reading_at(db, asked.brand_id, (asked.n, asked.as_of))
        board = await read_board(db, reading, month, words)
        layout = await find_layout(db, asked.layout_id, even_ended=True) if asked.layout_id else WHOLE
        commentary, said = await commentary_of(db, asked.period), await said_in(db, month)
    files = await asyncio.to_thread(_files, asked, templates, words, reading, board, said, layout)
    text = templates.render(
        "portal/report_mail.txt",
        locale=asked.language,
        brand=reading.brand,
        reader=asked.name,
        provider=house.provider,
        link=house.base_url.rstrip("/") + Links(reading.brand.slug, reading.seen).seen_month(month),
        period=asked.period,
        month=month,
        commentary=commentary,
        sheet=laid_out(board.sheet, layout),
        attached=[file.name for file in files],
    )
    return Letter(_subject(asked, reading.brand.name, words), text, files)


def _subject(asked: Asked, brand: str, words: Words) -> str:
    formats = Formats(words)
    told = words.gettext(
        SUBJECTS[asked.period.kind],
        brand=brand,
        day=formats.day(asked.period.first),
        month=formats.month(asked.period.first),
    )
    return " ".join(told.split())


def _files(
    asked: Asked, templates: Templates, words: Words, reading: Reading, board: Board, said: list[Said],
    layout: Layout,
) -> list[Attached]:  # fmt: skip
    """Blocking."""
    name, found = f"{reading.brand.slug}-{asked.period}", []
    if "pdf" in asked.formats:
        html = templates.render(
            "portal/print.html", locale=asked.language, **on_paper(reading, board, said, layout)
        )
        found.append(Attached(f"{name}.pdf", "application/pdf", pdf_of(html)))
    if "xlsx" in asked.formats:
        found.append(
            Attached(
                f"{name}.xlsx",
                XLSX,
                workbook_of(reading.brand.name, board.report, board.sheet, words, layout),
            )
        )
    if "csv" in asked.formats:
        found.append(Attached(f"{name}.csv", "text/csv", _csv(laid_out(board.sheet, layout), words)))
    return found


def _csv(sheet: Sheet, words: Words) -> bytes:
    """The workbook's first page."""
    headings = [words.gettext(each) for each in COMMITMENTS]
    return MARK + lines([headings, *(list(_cells(row)) for row in commitment_rows(sheet, words))], words)


def _cells(row: list[Value]) -> Iterator[str]:
    for value in row:
        yield "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)
