"""How brands look to the people who speak for them: what a tile, a name and a local time need."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Brand


class BrandFace(msgspec.Struct, frozen=True):
    """`voice` is the brand's rule for addressing customers, `zone` an IANA name."""

    id: UUID
    slug: str
    name: str
    monogram: str
    shape: str
    accent: str
    voice: str
    zone: str


async def faces(db: AsyncSession, brands: Iterable[UUID]) -> dict[UUID, BrandFace]:
    """The faces of those brands that the session may read, in order of name."""
    columns = [getattr(Brand, name) for name in BrandFace.__struct_fields__]
    rows = await db.execute(select(*columns).where(Brand.id.in_(list(brands))).order_by(Brand.name))
    return {row.id: BrandFace(*row) for row in rows}
