"""Before a scope exists: which brand an address belongs to. Fail-closed, through `pv.resolve()` only."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.trusted import trusted_sql

RESOLVE = trusted_sql("brands.resolve", "SELECT endpoint_id, brand_id FROM pv.resolve(:kind, :value)")
ALL_BRANDS = trusted_sql("brands.all_ids", "SELECT b FROM pv.brand_ids() AS b")


class Resolved(NamedTuple):
    endpoint_id: UUID
    brand_id: UUID


async def resolve(db: AsyncSession, kind: str, value: str) -> Resolved | None:
    row = (await db.execute(RESOLVE, {"kind": kind, "value": value})).one_or_none()
    return Resolved(*row) if row else None


async def all_brand_ids(db: AsyncSession) -> list[UUID]:
    """Ids only, for timers that visit every brand in a transaction of its own. Role `portavoce_dispatch`."""
    return list((await db.scalars(ALL_BRANDS)).all())
