"""A report over several brands as names and numbers in an order, for the page and for files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from portavoce.reporting.months import Month
from portavoce.reporting.team.figures import Service, Work
from portavoce.reporting.team.pieces import By, Kind
from portavoce.reporting.team.rows import Row, TeamReport
from portavoce.web.i18n import N_, Words

Value = int | Fraction | None


class Column(NamedTuple):
    """`unit`: count, share (of one) or seconds. One of both functions says what it shows."""

    name: str
    heading: str
    unit: str
    of_work: Callable[[Work], Value] | None = None
    of_service: Callable[[Service], Value] | None = None

    def of(self, work: Work | None, service: Service | None) -> Value:
        """None is: not shown, or nothing to divide by."""
        if self.of_work is not None:
            return None if work is None else self.of_work(work)
        return None if service is None or self.of_service is None else self.of_service(service)


CONTACTS = Column("contacts", N_("Contacts"), "count", of_service=lambda each: each.contacts)
SHARE = Column(
    "share", N_("First response in time"), "share",
    of_service=lambda each: Fraction(each.met, each.decided) if each.decided else None,
)  # fmt: skip
ANSWERED = Column("answered", N_("Answered"), "count", lambda each: each.answered)
HANDLED = Column("handled", N_("Handled"), "count", lambda each: each.handled)
MEAN = Column("mean", N_("Mean handle time"), "seconds", lambda each: each.mean_s)
SOLVED = Column("solved", N_("Contacts solved"), "count", lambda each: each.solved)
RETURNED = Column("returned", N_("Returned"), "count", lambda each: each.returned)
TRANSFERRED = Column("transferred", N_("Transferred"), "count", lambda each: each.transferred)
OF_WORK = (ANSWERED, HANDLED, MEAN, SOLVED, RETURNED, TRANSFERRED)
COLUMNS = {
    By.AGENT: OF_WORK,
    By.TEAM: OF_WORK,
    By.BRAND: (CONTACTS, SHARE, *OF_WORK),
    By.QUEUE: (CONTACTS, SHARE, *OF_WORK),
    By.OUTCOME: (HANDLED, MEAN, SOLVED, RETURNED),
    By.REASON: (CONTACTS, ANSWERED),
}
BY_NAME = {
    By.AGENT: N_("Agent"),
    By.TEAM: N_("Team (site)"),
    By.BRAND: N_("Brand"),
    By.QUEUE: N_("Queue"),
    By.OUTCOME: N_("Outcome"),
    By.REASON: N_("Contact reason"),
}
NAME = "name"


class Line(NamedTuple):
    """A row as it is shown; `values` in the order of the columns."""

    row: Row
    name: str
    values: tuple[Value, ...]


def sorts(by: By) -> frozenset[str]:
    """Names of columns; with a `-` before them the greatest first."""
    names = [NAME, *(column.name for column in COLUMNS[by])]
    return frozenset([*names, *(f"-{name}" for name in names)])


def lines(report: TeamReport, words: Words, sort: str = NAME) -> list[Line]:
    """What has no value in the column comes last, whatever the direction."""
    found = [Line(row, name_of(row, report.by, words), _values(report, row)) for row in report.rows]
    column = sort.removeprefix("-")
    if column == NAME:
        return found[::-1] if sort.startswith("-") else found
    place = [each.name for each in COLUMNS[report.by]].index(column)
    known = [line for line in found if line.values[place] is not None]
    known.sort(key=lambda line: line.values[place] or 0, reverse=sort.startswith("-"))
    return [*known, *(line for line in found if line.values[place] is None)]


def totals(report: TeamReport) -> tuple[Value, ...]:
    return tuple(column.of(report.work, report.service) for column in COLUMNS[report.by])


def name_of(row: Row, by: By, words: Words) -> str:
    match row.key.kind:
        case Kind.TEAM if by is By.AGENT:
            return words.gettext("%(site)s, together", site=row.name)
        case Kind.OTHERS:
            return words.gettext("People of several sites, together")
        case Kind.NOBODY:
            return words.gettext("Nobody in particular")
        case Kind.JOINED:
            return words.gettext("%(brand)s, rows of few people together", brand=row.name)
        case Kind.CODE if not row.name:
            return words.gettext("Not said")
    return words.gettext(row.name)


def _values(report: TeamReport, row: Row) -> tuple[Value, ...]:
    return tuple(column.of(row.work, row.service) for column in COLUMNS[report.by])


def months_hidden(report: TeamReport) -> Sequence[tuple[str, Month]]:
    """Each brand and month once, in order."""
    return sorted(set(report.hidden))
