"""The months of a period as their clauses counted them, read once at one state of the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.reporting.commitments import Beside, commitments
from portavoce.reporting.contract import read_contract
from portavoce.reporting.counts import Cell
from portavoce.reporting.facts import Anchor
from portavoce.reporting.models import Observation
from portavoce.reporting.month import MonthReport, clauses_of, lob_names
from portavoce.reporting.months import Month, month_of, month_of_day
from portavoce.reporting.regulator.indicators import Indicator, Part, indicators
from portavoce.reporting.regulator.periods import Period
from portavoce.reporting.sums import read_sums, stood
from portavoce.sla.presets import Regime

Ends = Mapping[Month, Mapping[UUID, datetime]]


class Filing(msgspec.Struct, frozen=True):
    """What is handed in: `covered` are the months of the period from the brand's first fact to the present one."""

    regime: Regime
    period: Period
    covered: Sequence[Month]
    anchor: Anchor
    zone: str
    rows: Sequence[Indicator]


async def read_filing(
    db: AsyncSession, brand_id: UUID, zone: str, regime: Regime, period: Period, *,
    known: tuple[Month, Month], anchor: Anchor,
) -> Filing:  # fmt: skip
    """`known`: the first month of the brand and the present one."""
    covered = [month for month in period.months if known[0] <= month <= known[1]]
    parts = await read_parts(db, brand_id, zone, covered, anchor)
    over = [month for month in covered if month.bounds(zone)[1] <= anchor.at]
    rows = indicators(regime, period, covered, parts, over=over)
    return Filing(regime, period, covered, anchor, zone, rows)


async def read_parts(
    db: AsyncSession, brand_id: UUID, zone: str, months: Sequence[Month], anchor: Anchor
) -> list[Part]:
    """Of consecutive months, in their order. Eight queries, however many they are."""
    if not months:
        return []
    bounds = (months[0].bounds(zone)[0], months[-1].bounds(zone)[1])
    contract, names = await read_contract(db), await lob_names(db)
    cells = defaultdict[Month, list[Cell]](list)
    for cell in await read_sums(db, zone, bounds, anchor):
        cells[month_of_day(cell.day)].append(cell)
    ends = await _last_ends(db, zone, bounds, anchor)
    found = []
    for month in months:
        clauses = clauses_of(contract, *month.bounds(zone))
        report = MonthReport(brand_id, zone, month, anchor, cells[month], clauses, names)
        standing = commitments(report, Beside(last_ends=ends.get(month, {})))
        found += [Part(month, each.clause, each.lob, each.counts, each.is_final) for each in standing]
    return found


async def _last_ends(db: AsyncSession, zone: str, bounds: tuple[datetime, datetime], anchor: Anchor) -> Ends:
    """By month and clause: a contact that was solved after its month matures later than the month."""
    month = func.date_trunc("month", Observation.at, zone).label("month")
    query = (
        select(Observation.clause_id, month, func.max(Observation.until).label("last"))
        .where(
            stood(anchor.n),
            Observation.at >= bounds[0],
            Observation.at < bounds[1],
            Observation.until.is_not(None),
        )
        .group_by(Observation.clause_id, month)
    )
    found = defaultdict[Month, dict[UUID, datetime]](dict)
    for row in await db.execute(query):
        found[month_of(row.month, zone)][row.clause_id] = row.last
    return found
