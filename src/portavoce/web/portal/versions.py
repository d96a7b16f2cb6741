"""The issues of a month, newest first, each with what it restated of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import msgspec

from portavoce.reporting.issuing import Figure, Issue
from portavoce.reporting.month import MonthReport
from portavoce.sla.measures.ratios import rounded
from portavoce.sla.rules import Clause
from portavoce.web.portal.reading import Reading, seen_of

PLACES = 2


class Restated(msgspec.Struct, frozen=True):
    """A figure in per cent or seconds as it was and as it is; None for no data."""

    clause: Clause
    is_share: bool
    before: Decimal | None
    after: Decimal | None


class Version(msgspec.Struct, frozen=True):
    """`is_read` is the one on the page; `received` is by how many contacts it differs from the one before."""

    number: int
    at: datetime
    seen: str
    is_read: bool
    restated: Sequence[Restated]
    received: int


def versions_of(reading: Reading, report: MonthReport) -> list[Version]:
    before = dict(pairwise(reading.issues))
    earlier = {later.number: first for first, later in before.items()}
    return [_version(each, earlier.get(each.number), reading, report) for each in reversed(reading.issues)]


def _version(issue: Issue, earlier: Issue | None, reading: Reading, report: MonthReport) -> Version:
    return Version(
        issue.number,
        issue.at,
        seen_of(issue.n, issue.at),
        issue == reading.issue,
        restated(earlier, issue, report) if earlier else [],
        issue.figures.received - earlier.figures.received if earlier else 0,
    )


def restated(earlier: Issue, issue: Issue, report: MonthReport) -> list[Restated]:
    """What the reader judges by: adjusted figures where there are any."""
    was = {each.clause_id: each for each in earlier.figures.clauses}
    clauses = {clause.id: clause for clause in report.clauses}
    found = []
    for figure in issue.figures.clauses:
        known = was.get(figure.clause_id)
        clause = clauses.get(figure.clause_id)
        if clause is not None and known is not None and _judged(known) != _judged(figure):
            is_share = clause.rule.judged.statistic == "share_within"
            found.append(Restated(clause, is_share, _shown(known, is_share), _shown(figure, is_share)))
    return found


def _judged(figure: Figure) -> str | None:
    return figure.value if figure.adjusted is None else figure.adjusted


def _shown(figure: Figure, is_share: bool) -> Decimal | None:
    value = _judged(figure)
    if value is None:
        return None
    exact = Fraction(value)
    return rounded(exact * 100, PLACES) if is_share else rounded(exact)
