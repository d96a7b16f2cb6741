"""What a brand's contract promises, with every version of contract and calendar, ready for the first-response clock."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars.models import Calendar
from portavoce.calendars.queries import Version, versions_of_brand
from portavoce.contracts.models import Clause, ContractVersion
from portavoce.sla import first_response


class Promise(first_response.Clause, frozen=True, kw_only=True):
    """A first-response clause with what a client must see of it; `share_bp` are basis points of the decided."""

    id: UUID
    version: int
    share_bp: int
    calendar_name: str


async def read_terms(db: AsyncSession) -> list[first_response.Terms]:
    """Every contract version of the one brand in scope, oldest first; each clause is a Promise. Three queries."""
    calendars = await versions_of_brand(db)
    versions = list(
        await db.execute(
            select(ContractVersion.id, ContractVersion.number, ContractVersion.valid_from).order_by(
                ContractVersion.valid_from
            )
        )
    )
    numbers = {row.id: row.number for row in versions}
    promises: dict[UUID, list[Promise]] = defaultdict(list)
    for version_id, promise in await _promises(db, calendars, numbers):
        promises[version_id].append(promise)
    return [first_response.Terms(row.valid_from, tuple(promises[row.id])) for row in versions]


async def _promises(
    db: AsyncSession, calendars: dict[UUID, list[Version]], numbers: dict[UUID, int]
) -> list[tuple[UUID, Promise]]:
    rows = await db.execute(
        select(
            Clause.id,
            Clause.contract_version_id,
            Clause.lob_id,
            Clause.channel,
            Clause.target_s,
            Clause.share_bp,
            Clause.calendar_id,
            Calendar.name,
        )
        .join(Calendar, (Calendar.brand_id == Clause.brand_id) & (Calendar.id == Clause.calendar_id))
        .where(Clause.metric == "first_response")
        .order_by(Clause.lob_id, Clause.channel)
    )
    return [
        (
            row.contract_version_id,
            Promise(
                lob_id=row.lob_id,
                channel=row.channel,
                target=timedelta(seconds=row.target_s),
                calendar=tuple(version.hours(row.channel) for version in calendars.get(row.calendar_id, ())),
                id=row.id,
                version=numbers[row.contract_version_id],
                share_bp=row.share_bp,
                calendar_name=row.name,
            ),
        )
        for row in rows
    ]
