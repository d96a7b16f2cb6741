"""How brands look to the people who speak for them: what a tile, a name and a local time need."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, select
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


FACES = (
    select(*(getattr(Brand, name) for name in BrandFace.__struct_fields__))
    .where(Brand.id.in_(bindparam("brands", expanding=True)))
    .order_by(Brand.name)
)


async def faces(db: AsyncSession, brands: Iterable[UUID]) -> dict[UUID, BrandFace]:
    """The faces of those brands that the session may read, in order of name."""
    rows = await db.execute(FACES, {"brands": list(brands)})
    return {row.id: BrandFace(*row) for row in rows}
