"""A list of contacts as CSV that a spreadsheet opens at a double click and that cannot run anything there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from portavoce.reporting.contacts import Contact, operator_code
from portavoce.reporting.month import MonthReport
from portavoce.web.i18n import N_, Words
from portavoce.web.spreadsheet import MARK, lines

HEADINGS = (
    N_("Contact"),
    N_("Opened (%(zone)s)"),
    N_("First response (%(zone)s)"),
    N_("Due (%(zone)s)"),
    N_("Open seconds waited"),
    N_("Result"),
    N_("Line of business"),
    N_("Channel"),
    N_("Operator"),
    N_("Identifier"),
)
RESULTS = {
    "met": N_("In time"),
    "late": N_("Late"),
    "running": N_("Undecided"),
    "stopped": N_("Undecided"),
    "let_go": N_("Closed without an answer"),
    "no_clause": N_("No commitment"),
}


def csv_of(report: MonthReport, contacts: list[Contact], words: Words) -> bytes:
    """UTF-8 with its mark, one heading line, then one line per contact in the order given."""
    return csv_head(report.zone, words) + csv_lines(report, contacts, words)


def csv_head(zone: str, words: Words) -> bytes:
    headings = [words.gettext(heading, zone=zone) for heading in HEADINGS]
    return MARK + lines([headings], words)


def csv_lines(report: MonthReport, contacts: list[Contact], words: Words) -> bytes:
    """The lines of some contacts, without head: the parts of a long list follow one another."""
    return lines((_cells(report, each, words) for each in contacts), words)


def _cells(report: MonthReport, contact: Contact, words: Words) -> Iterator[str]:
    wait = contact.wait(report.anchor.at)
    yield "" if contact.ticket is None else str(contact.ticket)
    for moment in (contact.since, contact.until, contact.due_at):
        yield local_time(moment, report.zone)
    yield "" if wait is None else str(int(wait.total_seconds()))
    yield words.gettext(RESULTS[contact.result])
    yield words.gettext(contact.lob)
    yield contact.channel
    yield "" if contact.brand_agent_id is None else operator_code(report.brand_id, contact.brand_agent_id)
    yield str(contact.interaction_id)


def local_time(moment: datetime | None, zone: str) -> str:
    if moment is None:
        return ""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(" ", timespec="seconds")
