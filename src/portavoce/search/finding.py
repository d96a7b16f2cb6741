"""Ask the index: one call per brand, through `pv.search()`, which knows no brand outside the scope.

Whoever searches several brands asks each in a transaction of its own and merges: joined over brands, PostgreSQL would
read what was found a thousand times over (tests/isolation/test_plans.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.trusted import trusted_sql
from portavoce.search.vectors import question

SEARCH = trusted_sql(
    "search.find",
    "SELECT kind, subject_id, at, rank FROM pv.search(:brand, CAST(:question AS tsquery), :kinds, :at_most)",
)


class Hit(msgspec.Struct, frozen=True):
    brand_id: UUID
    kind: str
    subject_id: UUID
    at: datetime
    rank: float


async def find(
    db: AsyncSession, brand_id: UUID, text: str, *, kinds: Sequence[str], at_most: int
) -> list[Hit]:
    """Best first, of one brand: a brand outside the scope gives nothing. One call, whatever the brand holds."""
    asked = {
        "brand": brand_id,
        "question": question(brand_id, text),
        "kinds": list(kinds),
        "at_most": at_most,
    }
    return [Hit(brand_id, *row) for row in await db.execute(SEARCH, asked)]


def merged(of_brands: Iterable[Iterable[Hit]]) -> list[Hit]:
    """What several brands gave, best first; of equals the newer."""
    hits = (hit for hits in of_brands for hit in hits)
    return sorted(hits, key=lambda hit: (-hit.rank, -hit.at.timestamp(), hit.subject_id))
