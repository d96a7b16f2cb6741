"""What a brand's contract promises, version by version, ready for every calculation that judges by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars.models import Calendar
from portavoce.calendars.queries import versions_of_brand
from portavoce.calendars.timeline import ALWAYS
from portavoce.contracts import models
from portavoce.contracts.models import ContractVersion
from portavoce.sla.clocks.rules import Terms
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Clause, read_rule, terms_from
from portavoce.sla.schemes import NO_LIMITS, Limits

CLAUSES = (
    select(
        models.Clause.contract_version_id,
        models.Clause.id,
        models.Clause.lob_id,
        models.Clause.channel,
        models.Clause.metric,
        models.Clause.ordinal,
        models.Clause.target_s,
        models.Clause.share_bp,
        models.Clause.rule,
        models.Clause.calendar_id,
        models.Clause.reopen_window_s,
        Calendar.name,
    )
    .outerjoin(
        Calendar, (Calendar.brand_id == models.Clause.brand_id) & (Calendar.id == models.Clause.calendar_id)
    )
    .order_by(models.Clause.lob_id, models.Clause.channel, models.Clause.metric, models.Clause.ordinal)
)


class Version(msgspec.Struct, frozen=True):
    """One version of the contract, in force from `valid_from` until the next is. The fee of a month is what percentages of
    its schemes are of.
    """

    number: int
    valid_from: datetime
    clauses: tuple[Clause, ...]
    fee_cents: int = 0
    limits: Limits = NO_LIMITS

    @property
    def terms(self) -> Terms:
        return terms_from(self.valid_from, self.clauses)


async def read_contract(db: AsyncSession) -> list[Version]:
    """Every version of the one brand in scope, oldest first. Three queries."""
    calendars = await versions_of_brand(db)
    versions = (
        await db.execute(
            select(
                ContractVersion.id,
                ContractVersion.number,
                ContractVersion.valid_from,
                ContractVersion.fee_cents,
                ContractVersion.credit_cap_bp,
                ContractVersion.bonus_cap_bp,
            ).order_by(ContractVersion.valid_from)
        )
    ).all()
    numbers = {row.id: row.number for row in versions}
    clauses: dict[UUID, list[Clause]] = defaultdict(list)
    for row in await db.execute(CLAUSES):
        clause = Clause(
            id=row.id,
            version=numbers[row.contract_version_id],
            lob_id=row.lob_id,
            channel=row.channel,
            metric=Metric(row.metric),
            ordinal=row.ordinal,
            threshold_s=row.target_s,
            rule=read_rule(row.rule, row.share_bp),
            calendar_name=row.name,
            calendar=ALWAYS
            if row.calendar_id is None
            else tuple(version.hours(row.channel) for version in calendars.get(row.calendar_id, ())),
            reopen_window_s=row.reopen_window_s,
        )
        clauses[row.contract_version_id].append(clause)
    return [
        Version(
            row.number,
            row.valid_from,
            tuple(clauses[row.id]),
            row.fee_cents,
            Limits(_percent(row.credit_cap_bp), _percent(row.bonus_cap_bp)),
        )
        for row in versions
    ]


def _percent(bp: int | None) -> Decimal | None:
    return None if bp is None else Decimal(bp) / 100


def terms_of(contract: Sequence[Version]) -> list[Terms]:
    return [version.terms for version in contract]
