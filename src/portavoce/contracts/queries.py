"""What is in force: the version at an instant, and a version's clause for a line of business and channel."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.contracts.errors import NothingInForce
from portavoce.contracts.models import Clause, ContractVersion


async def version_in_force(db: AsyncSession, at: datetime) -> UUID:
    """Id of the contract version of this one brand in force at `at`."""
    query = (
        select(ContractVersion.id)
        .where(ContractVersion.valid_from <= at)
        .order_by(ContractVersion.valid_from.desc())
        .limit(1)
    )
    found = (await db.scalars(query)).one_or_none()
    if found is None:
        raise NothingInForce(
            "No contract version of this brand is in force yet. Ask an administrator to date one."
        )
    return found


async def clause_for(db: AsyncSession, version_id: UUID, lob_id: UUID, channel: str) -> Clause | None:
    """The first-response clause of a version, or None when the contract promises nothing there."""
    query = select(Clause).where(
        Clause.contract_version_id == version_id,
        Clause.lob_id == lob_id,
        Clause.channel == channel,
        Clause.metric == "first_response",
    )
    return (await db.scalars(query)).one_or_none()
