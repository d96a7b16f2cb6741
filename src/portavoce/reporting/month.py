"""A brand's month as one object: the counts on the page, the lists they open to and every file come from here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import LineOfBusiness
from portavoce.reporting.contract import Version, read_contract
from portavoce.reporting.counts import Cell, Counts
from portavoce.reporting.cuts import WHOLE, Cut
from portavoce.reporting.errors import NoReport
from portavoce.reporting.facts import Anchor
from portavoce.reporting.months import Month
from portavoce.reporting.observing.units import CONTACT
from portavoce.reporting.sums import read_sums
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Clause

FIGURES = ("received", "answered", "within", "late", "decided", "running", "no_clause")
OF_CLAUSES = ("within", "late", "decided", "running")
LEADING = Metric.FIRST_RESPONSE
"""Without a clause these figures are those of the leading first-response clauses together."""


class MonthReport(msgspec.Struct, frozen=True):
    """Units of `month` by the brand's wall clock, as the ledger told at `anchor`; `clauses` are those in force then,
    `version` the one in force at the month's end.
    """

    brand_id: UUID
    zone: str
    month: Month
    anchor: Anchor
    cells: Sequence[Cell]
    clauses: Sequence[Clause]
    lobs: Mapping[UUID, str]
    version: Version | None = None

    def counts(self, measure: str, cut: Cut = WHOLE, clauses: Iterable[UUID] | None = None) -> Counts:
        """Of one measure, of these clauses only if given."""
        wanted = None if clauses is None else set(clauses)
        return sum(
            (
                cell.counts
                for cell in self.cells
                if cell.measure == measure
                and cut.holds(cell.day)
                and (cut.lob_id is None or cell.lob_id == cut.lob_id)
                and (wanted is None or cell.clause_id in wanted)
            ),
            Counts(),
        )

    def clause(self, clause_id: UUID) -> Clause:
        """NoReport when it was not in force in this month."""
        found = [clause for clause in self.clauses if clause.id == clause_id]
        if not found:
            raise NoReport("This page does not exist.")
        return found[0]

    def leading(self, cut: Cut = WHOLE) -> list[Clause]:
        """The clauses that a figure of the cut is about."""
        if cut.clause_id is not None:
            return [self.clause(cut.clause_id)]
        return [clause for clause in self.clauses if (clause.metric, clause.ordinal) == (LEADING, 1)]

    def count(self, figure: str, cut: Cut = WHOLE) -> int:
        """One number, which is the length of its list. NoReport for what is no figure."""
        if figure not in FIGURES:
            raise NoReport("This page does not exist.")
        leading = self.leading(cut)
        measure = leading[0].metric if leading else LEADING
        promised = self.counts(measure, cut, [clause.id for clause in leading])
        if figure in OF_CLAUSES:
            return {
                "within": promised.met,
                "late": promised.late + promised.overdue,
                "decided": promised.decided,
                "running": promised.running,
            }[figure]
        contacts = self.counts(CONTACT, cut)
        of_clause = cut.clause_id is not None
        if figure == "received":
            return promised.units if of_clause else contacts.units
        if figure == "answered":
            return promised.ended if of_clause else contacts.ended
        return 0 if of_clause else contacts.units - promised.units


async def read_month_report(
    db: AsyncSession, brand_id: UUID, zone: str, month: Month, anchor: Anchor
) -> MonthReport:
    """Seven queries at the present head of the reports. Needs a snapshot: the contract is read beside the sums."""
    contract = await read_contract(db)
    cells = await read_sums(db, zone, month.bounds(zone), anchor)
    start, end = month.bounds(zone)
    clauses = clauses_of(contract, start, end)
    begun = [version for version in contract if version.valid_from < end]
    last = begun[-1] if begun else None
    return MonthReport(brand_id, zone, month, anchor, cells, clauses, await lob_names(db), last)


def clauses_of(contract: Sequence[Version], start: datetime, end: datetime) -> list[Clause]:
    """Those in force at any time of it, oldest version first."""
    untils = [version.valid_from for version in contract[1:]]
    return [
        clause
        for version, until in zip(contract, [*untils, None], strict=True)
        if version.valid_from < end and (until is None or until > start)
        for clause in version.clauses
    ]


async def lob_names(db: AsyncSession) -> dict[UUID, str]:
    rows = await db.execute(select(LineOfBusiness.id, LineOfBusiness.name).order_by(LineOfBusiness.name))
    return {row.id: row.name for row in rows}
