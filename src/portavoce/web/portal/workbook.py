"""The month as a workbook: its commitments, its days, its late contacts. Numbers are numbers, text can run nothing."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from portavoce.kit.formulas import harmless
from portavoce.reporting.contacts import operator_code
from portavoce.reporting.cuts import Cut
from portavoce.reporting.layouts import WHOLE, Layout
from portavoce.reporting.month import FIGURES, MonthReport
from portavoce.reporting.relief.reading import Holding
from portavoce.web.i18n import N_, Words
from portavoce.web.portal.export import RESULTS, local_time
from portavoce.web.portal.sheet import Sheet, Tile, laid_out

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COMMITMENTS = (
    N_("Metric"), N_("Line of business"), N_("Channel"), N_("Statistic"), N_("Target"), N_("Figure"), N_("In time"),
    N_("Decided"), N_("Result"), N_("Contract version"), N_("Adjusted"), N_("Units left out"),
)  # fmt: skip
RELIEFS = (
    N_("Cause"), N_("Began"), N_("Ended"), N_("Line of business"), N_("Channel"), N_("State"), N_("Who decided"), N_("Decided"),
    N_("Units held"), N_("Of them late"),
)  # fmt: skip
EVERY_LINE, EVERY_CHANNEL, NOBODY = (
    N_("Every line of business"),
    N_("Every channel"),
    N_("Nobody yet"),
)
CONTACTS = (
    N_("Contact"), N_("Opened"), N_("First response"), N_("Due"), N_("Open seconds waited"), N_("Result"),
    N_("Line of business"), N_("Channel"), N_("Operator"),
)  # fmt: skip
VERDICTS = {
    "met": N_("Met"), "missed": N_("Missed"), "provisional": N_("Provisional"), "no_data": N_("No data"),
    "not_measured": N_("Not measured"),
}  # fmt: skip
FIGURE_NAMES = {
    "received": N_("Contacts received"), "answered": N_("Contacts answered"), "within": N_("First response in time"),
    "late": N_("Late first response"), "decided": N_("First response decided"), "running": N_("Not decided yet"),
    "no_clause": N_("Without a commitment"),
}  # fmt: skip
STATISTICS = {"share_within": N_("Share"), "mean": N_("Mean"), "percentile": N_("Percentile")}
BY_INTERVALS = N_("Share of intervals on target")

Value = str | int | Decimal | None


def workbook_of(brand: str, report: MonthReport, sheet: Sheet, words: Words, layout: Layout = WHOLE) -> bytes:
    """Shares are per cent, durations seconds; the last sheet says of what state of the ledger. Of one state it is the same
    to the last byte, whenever it is made.
    """
    content = io.BytesIO()
    with Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"created": report.anchor.at.replace(tzinfo=None)})
        bold = book.add_format({"bold": True})

        def add(name: str, headings: Iterable[str], rows: Iterable[Sequence[Value]]) -> None:
            page = book.add_worksheet(words.gettext(name)[:31])
            for row, values in enumerate([[words.gettext(each) for each in headings], *rows]):
                _write(page, row, values, bold if row == 0 else None)
            page.freeze_panes(1, 0)
            page.autofit()

        laid = laid_out(sheet, layout)
        pages: dict[str, tuple[str, Iterable[str], Iterable[Sequence[Value]]]] = {
            "results": (N_("Commitments"), COMMITMENTS, commitment_rows(laid, words)),
            "trend": (N_("Days"), (N_("Day"), *FIGURE_NAMES.values()), _days(report)),
            "late": (N_("Late contacts"), CONTACTS, _late(report, sheet, words)),
        }
        if sheet.reliefs:
            pages["breaches"] = (
                N_("Relief events"),
                RELIEFS,
                (_relief(each, report, words) for each in sheet.reliefs),
            )
        for section in layout.sections:
            if section in pages:
                add(*pages[section])
        add(
            N_("About"),
            (N_("Brand"), N_("Month"), N_("Time zone"), N_("Fact"), N_("Hash"), N_("As of")),
            [_about(brand, report)],
        )
    return content.getvalue()


def _write(page: Worksheet, row: int, values: Sequence[Value], style: object) -> None:
    for column, value in enumerate(values):
        if isinstance(value, int | Decimal):
            page.write_number(row, column, value, style)
        elif value is not None:
            page.write_string(row, column, harmless(value), style)


def commitment_rows(sheet: Sheet, words: Words) -> list[list[Value]]:
    """In order of COMMITMENTS."""
    return [_commitment(tile, words) for tile in sheet.tiles]


def _commitment(tile: Tile, words: Words) -> list[Value]:
    each, clause = tile.standing, tile.standing.clause
    goal = clause.rule.judged
    return [
        str(clause.metric),
        words.gettext(each.lob),
        clause.channel,
        words.gettext(BY_INTERVALS if clause.rule.attainment else STATISTICS[goal.statistic]),
        goal.target * 100 if each.is_share else goal.target,
        tile.value,
        each.counts.met,
        each.counts.decided,
        words.gettext(VERDICTS[each.verdict]),
        clause.version,
        tile.adjusted_value if tile.adjusted else tile.value,
        tile.relieved,
    ]


def _relief(holding: Holding, report: MonthReport, words: Words) -> list[Value]:
    event, window = holding.event, holding.event.window
    return [
        str(window.cause),
        local_time(window.starts_at, report.zone),
        local_time(window.ends_at, report.zone),
        words.gettext(_line(window.lob_id, report)),
        window.channel or words.gettext(EVERY_CHANNEL),
        str(event.state),
        str(event.decided_by or words.gettext(NOBODY)),
        local_time(event.decided_at, report.zone),
        holding.held.units,
        holding.held.late,
    ]


def _line(lob_id: UUID | None, report: MonthReport) -> str:
    return EVERY_LINE if lob_id is None else report.lobs.get(lob_id, "")


def _days(report: MonthReport) -> Iterable[list[Value]]:
    for day in report.month.days():
        yield [day.isoformat(), *(report.count(figure, Cut(day=day)) for figure in FIGURES)]


def _late(report: MonthReport, sheet: Sheet, words: Words) -> Iterable[list[Value]]:
    for contact in sheet.late:
        wait = contact.wait(report.anchor.at)
        yield [
            contact.ticket,
            *(local_time(moment, report.zone) for moment in (contact.since, contact.until, contact.due_at)),
            None if wait is None else int(wait.total_seconds()),
            words.gettext(RESULTS[contact.result]),
            words.gettext(contact.lob),
            contact.channel,
            operator_code(report.brand_id, contact.brand_agent_id) if contact.brand_agent_id else None,
        ]


def _about(brand: str, report: MonthReport) -> list[Value]:
    anchor = report.anchor
    return [
        brand,
        str(report.month),
        report.zone,
        anchor.n,
        anchor.hash.hex(),
        local_time(anchor.at, report.zone),
    ]
