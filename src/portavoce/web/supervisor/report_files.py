"""A team report as CSV and as a workbook, with the numbers of the page; text in it can run nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from xlsxwriter import Workbook

from portavoce.kit.formulas import harmless
from portavoce.reporting.team.rows import TeamReport
from portavoce.web.i18n import N_, Words
from portavoce.web.spreadsheet import MARK
from portavoce.web.spreadsheet import lines as csv_lines
from portavoce.web.supervisor.report_table import (
    BY_NAME,
    COLUMNS,
    Column,
    Value,
    lines,
    months_hidden,
    totals,
)

UNITS = {"share": N_("%(name)s, per cent"), "seconds": N_("%(name)s, seconds")}
HIDDEN = N_("Not shown, fewer than five people: %(brand)s, %(month)s")
IN_PART = N_("Partly in a row of others")
TENTH = Decimal("0.1")
Cell = str | int | Decimal | None


def table_of(report: TeamReport, brands: Mapping[str, str], words: Words) -> Iterator[Sequence[Cell]]:
    """Headings, rows, the total, then a line for each brand and month that is not shown."""
    columns = COLUMNS[report.by]
    heads = [words.gettext(BY_NAME[report.by]), *map(words.gettext, (N_("Brand"), N_("People"), IN_PART))]
    yield [*heads, *(_heading(column, words) for column in columns)]
    for line in lines(report, words):
        row = line.row
        partly = words.gettext(N_("yes")) if row.partly else ""
        start = [line.name, brands.get(row.key.brand, ""), row.people or None, partly]
        yield [*start, *_cells(columns, line.values)]
    yield [words.gettext(N_("All rows together")), "", None, "", *_cells(columns, totals(report))]
    for brand, month in months_hidden(report):
        yield [words.gettext(HIDDEN, brand=brand, month=month)]


def csv_of(report: TeamReport, brands: Mapping[str, str], words: Words) -> bytes:
    mark = {"it": ","}.get(words.locale, ".")
    rows = ([_text(cell, mark) for cell in row] for row in table_of(report, brands, words))
    return MARK + csv_lines(rows, words)


def workbook_of(report: TeamReport, brands: Mapping[str, str], words: Words) -> bytes:
    content = io.BytesIO()
    with Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        page, bold = book.add_worksheet(), book.add_format({"bold": True})
        for number, row in enumerate(table_of(report, brands, words)):
            for column, cell in enumerate(row):
                if isinstance(cell, int | Decimal):
                    page.write_number(number, column, cell)
                elif cell:
                    page.write_string(number, column, harmless(cell), None if number else bold)
        page.freeze_panes(1, 1)
        page.autofit()
    return content.getvalue()


def _heading(column: Column, words: Words) -> str:
    name = words.gettext(column.heading)
    return words.gettext(UNITS[column.unit], name=name) if column.unit in UNITS else name


def _cells(columns: Sequence[Column], values: Sequence[Value]) -> list[Cell]:
    return [_cell(column, value) for column, value in zip(columns, values, strict=True)]


def _cell(column: Column, value: Value) -> Cell:
    """Shares in per cent and means in seconds, to a tenth."""
    if value is None or column.unit == "count":
        return None if value is None else int(value)
    exact = Fraction(value) * (100 if column.unit == "share" else 1)
    return (Decimal(exact.numerator) / exact.denominator).quantize(TENTH, ROUND_HALF_UP)


def _text(cell: Cell, mark: str) -> str:
    if cell is None:
        return ""
    return str(cell).replace(".", mark) if isinstance(cell, Decimal) else str(cell)
