"""`/api/v1/brands/{brand}/months/{month}`: how a month stands against each clause, in whole numbers and exact fractions."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from uuid import UUID

import msgspec
from litestar import Controller, Response, route
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.identity.api_tokens import Bearer
from portavoce.reporting.commitments import Commitment, Verdict
from portavoce.reporting.facts import Anchor, last_fact
from portavoce.reporting.figures import taken_of
from portavoce.reporting.issuing import read_issues
from portavoce.reporting.month import read_month_report
from portavoce.reporting.relief.reading import adjusted_commitments, read_relief
from portavoce.reporting.standing import read_standing
from portavoce.web.api.answering import READ, Ledger, answer, ledger_of
from portavoce.web.api.bearing import State

BY_INTERVALS = "share_of_intervals"


class Exact(msgspec.Struct, frozen=True):
    """A share of 1, or seconds: what the clause's statistic says."""

    numerator: int
    denominator: int


class ToldCommitment(msgspec.Struct, frozen=True):
    """`part` of `whole` is what the figure was made of, before it was shortened to `value`; `adjusted` is the value without
    the units that accepted relief events hold, null where they hold none.
    """

    clause: UUID
    contract_version: int
    metric: str
    ordinal: int
    line: str
    line_id: UUID
    channel: str
    statistic: str
    direction: str
    target: Exact | None
    part: int
    whole: int
    value: Exact | None
    adjusted: Exact | None
    verdict: Verdict
    final_from: datetime
    running: int


class ToldMonth(msgspec.Struct, frozen=True):
    """`version` is the number of the issue that is told, the last one of the month; null before the month is final."""

    brand: str
    month: str
    zone: str
    starts_at: datetime
    ends_at: datetime
    ledger: Ledger
    version: int | None
    received: int
    answered: int
    commitments: list[ToldCommitment]


class MonthController(Controller):
    path = "/months"

    @route("/{month:str}", http_method=READ)
    async def show(
        self,
        granted: NamedDependency[Bearer],
        db: NamedDependency[AsyncSession],
        state_of: NamedDependency[State],
        month: FromPath[str],
    ) -> Response[bytes]:
        chosen, zone = state_of.month(month), state_of.zone
        issues = await read_issues(db, chosen)
        anchor = state_of.anchor
        if issues:
            n, digest = await last_fact(db, granted.brand_id, issues[-1].n)
            anchor = Anchor(n, digest, issues[-1].at)
        report = await read_month_report(db, granted.brand_id, zone, chosen, anchor)
        standing = await read_standing(db, report)
        relief = await read_relief(db, report)
        adjusted = await adjusted_commitments(db, relief, standing)
        starts_at, ends_at = chosen.bounds(zone)
        return answer(
            ToldMonth(
                brand=granted.slug,
                month=str(chosen),
                zone=zone,
                starts_at=starts_at,
                ends_at=ends_at,
                ledger=ledger_of(anchor),
                version=len(issues) or None,
                received=report.count("received"),
                answered=report.count("answered"),
                commitments=[_told(each, adjusted.get(each.clause.id)) for each in standing],
            )
        )


def _told(each: Commitment, adjusted: Commitment | None) -> ToldCommitment:
    clause, goal, value = each.clause, each.clause.rule.judged, each.value
    by_intervals = clause.rule.attainment is not None
    part, whole = taken_of(clause.rule.goal, each.counts)
    if by_intervals:
        part, whole = (value.numerator, value.denominator) if value is not None else (0, 0)
    return ToldCommitment(
        clause=clause.id,
        contract_version=clause.version,
        metric=str(clause.metric),
        ordinal=clause.ordinal,
        line=each.lob,
        line_id=clause.lob_id,
        channel=clause.channel,
        statistic=BY_INTERVALS if by_intervals else str(goal.statistic),
        direction=str(goal.direction),
        target=_exact(Fraction(goal.target)),
        part=part,
        whole=whole,
        value=_exact(value),
        adjusted=None if adjusted is None else _exact(adjusted.value),
        verdict=each.verdict,
        final_from=each.final_from,
        running=each.counts.running,
    )


def _exact(value: Fraction | None) -> Exact | None:
    return None if value is None else Exact(value.numerator, value.denominator)
