"""A regime's indicators to take away, each row complete in itself: whose rule, which period, what it is made of, and of which
state of the ledger.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from decimal import Decimal

from xlsxwriter import Workbook

from portavoce.kit.formulas import harmless
from portavoce.reporting.regulator.reading import Filing
from portavoce.web.i18n import N_, Words
from portavoce.web.portal.export import local_time
from portavoce.web.portal.regulator_words import Shown, show
from portavoce.web.spreadsheet import MARK, lines

HEADINGS = (
    N_("Regime"), N_("Period"), N_("Month or period"), N_("Indicator"), N_("Subject"), N_("Definition"), N_("Source"),
    N_("Metric"), N_("Formula"), N_("Line of business"), N_("Numerator"), N_("Denominator"), N_("Figure"), N_("Unit"),
    N_("Bound"), N_("Target"), N_("Target met"), N_("Result"), N_("Verified"), N_("Remarks"), N_("Months counted"),
    N_("Months"), N_("Brand"), N_("Fact"), N_("Hash"), N_("As of (%(zone)s)"),
)  # fmt: skip
YES, NO = N_("yes"), N_("no")

Value = str | int | Decimal | None


def rows_of(brand: str, filing: Filing, words: Words) -> Iterator[list[Value]]:
    for each in show(filing, words):
        yield _values(brand, filing, each, words)


def csv_of(brand: str, filing: Filing, words: Words) -> bytes:
    """As lists of contacts are written. A figure has the decimal mark that its spreadsheet reads."""
    mark = "," if words.locale == "it" else "."
    rows = ([_text(value, mark) for value in row] for row in rows_of(brand, filing, words))
    return MARK + lines([_headings(filing, words), *rows], words)


def workbook_of(brand: str, filing: Filing, words: Words) -> bytes:
    """Of one state of the ledger it is the same to the last byte, whenever it is made."""
    content = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(content, safe) as book:
        book.set_properties({"created": filing.anchor.at.replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        page = book.add_worksheet(words.gettext("Indicators")[:31])
        table: list[Sequence[Value]] = [_headings(filing, words), *rows_of(brand, filing, words)]
        for row, values in enumerate(table):
            for column, value in enumerate(values):
                if isinstance(value, int | Decimal):
                    page.write_number(row, column, value)
                elif value is not None:
                    page.write_string(row, column, harmless(value), None if row else bold)
        page.freeze_panes(1, 0)
        page.autofit()
    return content.getvalue()


def _headings(filing: Filing, words: Words) -> list[str]:
    return [words.gettext(each, zone=filing.zone) for each in HEADINGS]


def _values(brand: str, filing: Filing, each: Shown, words: Words) -> list[Value]:
    row, preset, anchor = each.row, each.row.preset, filing.anchor
    return [
        filing.regime.value,
        str(filing.period),
        row.span,
        row.number,
        each.subject,
        each.definition,
        preset.source,
        preset.metric.value,
        preset.variant or "",
        each.line,
        row.numerator,
        row.denominator,
        each.figure,
        each.unit,
        each.bound,
        each.target,
        "" if each.met is None else words.gettext(YES if each.met else NO),
        each.result,
        words.gettext(YES if preset.verified else NO),
        " ".join(each.remarks),
        row.counted,
        row.months,
        brand,
        anchor.n,
        anchor.hash.hex(),
        local_time(anchor.at, filing.zone),
    ]


def _text(value: Value, mark: str) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", mark)
    return "" if value is None else str(value)
