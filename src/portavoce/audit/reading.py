"""What was refused, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.models import Denial


class DenialRow(NamedTuple):
    """`detail` is canonical JSON: often an address, sometimes the brand that was asked for."""

    id: UUID
    at: datetime
    person_id: UUID | None
    action: str
    reason: str
    detail: str


async def denials(db: AsyncSession, *, before: UUID | None = None, limit: int) -> list[DenialRow]:
    """The `limit` newest; with `before` the ones older than that one. Ids carry the time, so they give the order."""
    query = select(Denial.id, Denial.at, Denial.person_id, Denial.action, Denial.reason, Denial.detail)
    if before is not None:
        query = query.where(Denial.id < before)
    return [DenialRow(*row) for row in await db.execute(query.order_by(Denial.id.desc()).limit(limit))]
