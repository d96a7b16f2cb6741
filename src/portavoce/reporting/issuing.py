"""A month that is final gets a number, and its figures stay: what changes them later is a further issue beside the first.

An issue is a state of the ledger with a name. Nothing is copied but the figures, so that what differs can be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Brand
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.core.unit import now
from portavoce.ledger.facts import record
from portavoce.reporting.commitments import Commitment, Verdict
from portavoce.reporting.facts import Anchor, first_moment, last_fact
from portavoce.reporting.models import ReportIssue
from portavoce.reporting.month import MonthReport, read_month_report
from portavoce.reporting.months import Month, month_of
from portavoce.reporting.recomputing import exact
from portavoce.reporting.relief.reading import adjusted_commitments, read_relief
from portavoce.reporting.standing import read_standing
from portavoce.reporting.sums import report_head

AT_LAST = timedelta(days=60)
"""After its end a month is issued though something of it still runs."""
LOOKED_BACK = 13
"""Months in which late facts are still looked for."""


class Figure(msgspec.Struct, frozen=True, array_like=True):
    """One clause: exact fractions, None for no data; `adjusted` is None as well where nothing is excused."""

    clause_id: UUID
    value: str | None
    adjusted: str | None
    met: int
    decided: int


class Figures(msgspec.Struct, frozen=True):
    received: int
    answered: int
    clauses: tuple[Figure, ...]


class Issue(msgspec.Struct, frozen=True):
    """The month as the ledger told it up to fact `n`, its clocks read `at`."""

    month: str
    number: int
    n: int
    at: datetime
    figures: Figures


async def read_issues(db: AsyncSession, month: Month | None = None) -> list[Issue]:
    """Of the one brand in scope, of every month unless one is given; in order. One query."""
    query = select(
        ReportIssue.month, ReportIssue.number, ReportIssue.n, ReportIssue.at, ReportIssue.figures
    ).order_by(ReportIssue.month, ReportIssue.number)
    if month is not None:
        query = query.where(ReportIssue.month == str(month))
    return [
        Issue(row.month, row.number, row.n, row.at, msgspec.json.decode(row.figures, type=Figures))
        for row in await db.execute(query)
    ]


async def issue_months(database: Database, brand_id: UUID) -> int:
    """Months that became final, and those whose figures are not those of their last issue. How many were issued."""
    async with database.begin(Scope.reading({brand_id}), snapshot=True) as db:
        found = await _due(db, brand_id)
    for issue in found:
        async with database.begin(Scope.writing(brand_id)) as db:
            _issue(db, issue)
    return len(found)


def figures_of(
    report: MonthReport, standing: Sequence[Commitment], adjusted: dict[UUID, Commitment]
) -> Figures:
    """Of what is measured, in order of the clauses' ids."""
    clauses = [
        Figure(
            each.clause.id,
            exact(each.value),
            exact(adjusted[each.clause.id].value) if each.clause.id in adjusted else None,
            each.counts.met,
            each.counts.decided,
        )
        for each in standing
        if each.verdict is not Verdict.NOT_MEASURED
    ]
    ordered = tuple(sorted(clauses, key=lambda each: each.clause_id))
    return Figures(report.count("received"), report.count("answered"), ordered)


async def _due(db: AsyncSession, brand_id: UUID) -> list[Issue]:
    n, first, present = await report_head(db), await first_moment(db), now(db)
    if n == 0 or first is None:
        return []
    zone = (await db.scalars(select(Brand.zone).where(Brand.id == brand_id))).one()
    anchor = Anchor(*await last_fact(db, brand_id, n), present)
    known: dict[str, list[Issue]] = {}
    for issue in await read_issues(db):
        known.setdefault(issue.month, []).append(issue)
    found = []
    for month in _ended(month_of(first, zone), month_of(present, zone)):
        earlier = known.get(str(month), [])
        figures = await _final_figures(db, brand_id, zone, month, anchor)
        if figures is not None and (not earlier or earlier[-1].figures != figures):
            found.append(Issue(str(month), len(earlier) + 1, anchor.n, anchor.at, figures))
    return found


def _ended(first: Month, running: Month) -> list[Month]:
    months: list[Month] = []
    month = running.previous
    while month >= first and len(months) < LOOKED_BACK:
        months.append(month)
        month = month.previous
    return months


async def _final_figures(
    db: AsyncSession, brand_id: UUID, zone: str, month: Month, anchor: Anchor
) -> Figures | None:
    """None while the month is not final."""
    report = await read_month_report(db, brand_id, zone, month, anchor)
    standing = await read_standing(db, report)
    judged = [each for each in standing if each.verdict is not Verdict.NOT_MEASURED]
    if not all(each.is_final for each in judged) and anchor.at < month.bounds(zone)[1] + AT_LAST:
        return None
    relief = await read_relief(db, report)
    return figures_of(report, standing, await adjusted_commitments(db, relief, standing))


def _issue(db: AsyncSession, issue: Issue) -> None:
    text = msgspec.json.encode(issue.figures).decode()
    db.add(ReportIssue(month=issue.month, number=issue.number, n=issue.n, at=issue.at, figures=text))
    digest = sha256(text.encode()).hexdigest()
    record(db, "report.issued", month=issue.month, number=issue.number, n=issue.n, digest=digest)
