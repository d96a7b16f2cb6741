"""What is in force: the version at an instant, and a version's clause for a line of business and channel."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.contracts.errors import NothingInForce
from portavoce.contracts.models import Clause, ContractVersion

VERSION_IN_FORCE = (
    select(ContractVersion.id)
    .where(ContractVersion.valid_from <= bindparam("at"))
    .order_by(ContractVersion.valid_from.desc())
    .limit(1)
)
"""Id of the contract version of the one brand in scope, in force at `at`."""
CLAUSE = select(Clause).where(
    Clause.contract_version_id == bindparam("version_id"),
    Clause.lob_id == bindparam("lob_id"),
    Clause.channel == bindparam("channel"),
    Clause.metric == bindparam("metric", "first_response"),
    Clause.ordinal == 1,
)
"""The leading clause of a version for a line of business and channel: of the first response unless another is asked for."""


async def version_in_force(db: AsyncSession, at: datetime) -> UUID:
    return certainly(await db.scalar(VERSION_IN_FORCE, {"at": at}))


async def standing_versions(db: AsyncSession, at: datetime) -> list[UUID]:
    """The version in force at an instant and those to come, in order."""
    first = await version_in_force(db, at)
    query = (
        select(ContractVersion.id).where(ContractVersion.valid_from > at).order_by(ContractVersion.valid_from)
    )
    return [first, *(await db.scalars(query))]


def certainly(version_id: UUID | None) -> UUID:
    """What a look for the version in force found; NothingInForce when that is none."""
    if version_id is None:
        raise NothingInForce(
            "No contract version of this brand is in force yet. Ask an administrator to date one."
        )
    return version_id


async def clause_for(db: AsyncSession, version_id: UUID, lob_id: UUID, channel: str) -> Clause | None:
    """The first-response clause of a version, or None when the contract promises nothing there."""
    wanted = {"version_id": version_id, "lob_id": lob_id, "channel": channel}
    return (await db.scalars(CLAUSE, wanted)).one_or_none()
