"""Enter what may be found, in the transaction that writes it: nobody waits for the index."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.unit import written_brand
from portavoce.search.models import SearchEntry


def enter(db: AsyncSession, kind: str, subject_id: UUID, at: datetime, words: str) -> None:
    """A thing that is new in this transaction; leaves with its row."""
    db.add(SearchEntry(brand_id=written_brand(db), kind=kind, subject_id=subject_id, at=at, words=words))


async def enter_again(db: AsyncSession, kind: str, subject_id: UUID, at: datetime, words: str) -> None:
    """A thing that may have an entry: what it said before is forgotten."""
    said = {"at": at, "words": words}
    await db.execute(
        insert(SearchEntry)
        .values(brand_id=written_brand(db), kind=kind, subject_id=subject_id, **said)
        .on_conflict_do_update(index_elements=["brand_id", "kind", "subject_id"], set_=said)
    )
