"""The client's own promises: how soon its people answer or decide. An administrator sets them; without one time is only
measured.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, delete, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import LineOfBusiness
from portavoce.contracts.models import Clause
from portavoce.contracts.queries import standing_versions, version_in_force
from portavoce.core.unit import new_id, now

BACK_OFFICE, APPROVAL = "back_office", "approval"
"""Metrics of the client's people: from a question to its answer, from a reply to the decision about it."""
WHOLE = 10_000
CHANNELS = ("email",)


async def promise_of_client(
    db: AsyncSession, metric: str, target: timedelta | None, calendar_id: UUID
) -> None:
    """For every line of business, from now on; None takes the promise away.

    It stands in the version in force and in those to come, and replaces the one before: what was asked keeps the due
    instant it was asked with, and its facts say it, so nothing that was measured changes.
    """
    standing = await standing_versions(db, now(db))
    await db.execute(
        delete(Clause).where(
            Clause.contract_version_id == any_(literal(standing, ARRAY(Uuid))), Clause.metric == metric
        )
    )
    if target is None:
        return
    lines = (await db.scalars(select(LineOfBusiness.id))).all()
    for version_id, lob_id, channel in product(standing, lines, CHANNELS):
        db.add(_clause(db, metric, version_id, lob_id, channel, target, calendar_id))


async def promised_by_client(db: AsyncSession, metric: str) -> tuple[timedelta, UUID] | None:
    """The target in force and its calendar; None without one."""
    version_id = await version_in_force(db, now(db))
    query = select(Clause.target_s, Clause.calendar_id).where(
        Clause.contract_version_id == version_id, Clause.metric == metric
    )
    row = (await db.execute(query.limit(1))).one_or_none()
    return (timedelta(seconds=row.target_s), row.calendar_id) if row else None


def _clause(
    db: AsyncSession, metric: str, version_id: UUID, lob_id: UUID, channel: str, target: timedelta,
    calendar_id: UUID,
) -> Clause:  # fmt: skip
    return Clause(
        id=new_id(db),
        contract_version_id=version_id,
        lob_id=lob_id,
        channel=channel,
        metric=metric,
        target_s=int(target.total_seconds()),
        share_bp=WHOLE,
        calendar_id=calendar_id,
        reopen_window_s=0,
    )
