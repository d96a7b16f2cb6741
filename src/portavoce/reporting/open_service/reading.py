"""What the page shows: the months that have ended, clause by clause, and nothing of who did it or what was promised for it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.unit import now
from portavoce.reporting.facts import Anchor, first_moment, last_fact
from portavoce.reporting.figures import taken_of
from portavoce.reporting.months import Month, month_of
from portavoce.reporting.open_service.models import OpenService
from portavoce.reporting.regulator.indicators import Part
from portavoce.reporting.regulator.reading import read_parts
from portavoce.reporting.sums import report_head
from portavoce.sla.goals import Statistic
from portavoce.sla.measures.ratios import percent
from portavoce.sla.rules import Clause

MONTHS = 6


class Switch(NamedTuple):
    token: str
    is_on: bool


class Service(msgspec.Struct, frozen=True):
    """A figure of one month: a share or a mean, exact as one number by the other."""

    clause: Clause
    lob: str
    numerator: int
    denominator: int
    is_final: bool

    @property
    def is_share(self) -> bool:
        return self.clause.rule.goal.statistic is Statistic.SHARE_WITHIN

    @property
    def value(self) -> Fraction | None:
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def percent(self) -> Decimal | None:
        return percent(self.value)


class Served(msgspec.Struct, frozen=True):
    """The latest month first."""

    anchor: Anchor
    months: Sequence[tuple[Month, Sequence[Service]]]


async def read_switch(db: AsyncSession) -> Switch | None:
    """None when the page was never on."""
    row = (await db.execute(select(OpenService.token, OpenService.is_on))).one_or_none()
    return Switch(*row) if row else None


async def read_service(db: AsyncSession, brand_id: UUID, zone: str) -> Served:
    """Of the last months that have ended, as far as the reports have read. Needs a snapshot."""
    anchor = Anchor(*await last_fact(db, brand_id, await report_head(db)), now(db))
    first = await first_moment(db)
    months = _ended(month_of(first, zone), month_of(anchor.at, zone)) if first else []
    parts = await read_parts(db, brand_id, zone, months, anchor)
    return Served(anchor, [(month, _services(month, parts)) for month in reversed(months)])


def _ended(first: Month, present: Month) -> list[Month]:
    found: list[Month] = []
    month = present.previous
    while month >= first and len(found) < MONTHS:
        found.append(month)
        month = month.previous
    return found[::-1]


def _services(month: Month, parts: Sequence[Part]) -> list[Service]:
    """Percentiles cannot be shown as one number by another, and what is not measured is not shown."""
    return [
        Service(each.clause, each.lob, *taken_of(each.clause.rule.goal, each.counts), each.is_final)
        for each in parts
        if each.month == month
        and each.clause.is_measured
        and each.clause.rule.goal.statistic is not Statistic.PERCENTILE
    ]
