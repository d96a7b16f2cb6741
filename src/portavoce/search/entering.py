"""Enter what may be found, in the transaction that writes it: nobody waits for the index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.trusted import trusted_sql
from portavoce.core.unit import written_brand
from portavoce.search.models import SearchEntry

# The entries travel as one value: as many places as values would cost more than writing them.
ENTER_AGAIN = trusted_sql(
    "search.enter_again",
    """
    INSERT INTO pv.search_entry (brand_id, kind, subject_id, at, words)
    SELECT :brand_id, :kind, e.subject_id, e.at, e.words
      FROM json_to_recordset(CAST(:rows AS json)) AS e(subject_id uuid, at timestamptz, words tsvector)
    ON CONFLICT (brand_id, kind, subject_id) DO UPDATE SET at = excluded.at, words = excluded.words
    """,
)


def enter(db: AsyncSession, kind: str, subject_id: UUID, at: datetime, words: str) -> None:
    """A thing that is new in this transaction; leaves with its row."""
    db.add(SearchEntry(brand_id=written_brand(db), kind=kind, subject_id=subject_id, at=at, words=words))


async def enter_again(db: AsyncSession, kind: str, subject_id: UUID, at: datetime, words: str) -> None:
    """A thing that may have an entry: what it said before is forgotten."""
    await enter_all_again(db, kind, [(subject_id, at, words)])


async def enter_all_again(db: AsyncSession, kind: str, things: Sequence[tuple[UUID, datetime, str]]) -> None:
    """The same of many, none twice: subject, instant and words of each; one statement."""
    if things:
        rows = [{"subject_id": subject_id, "at": at, "words": words} for subject_id, at, words in things]
        told = {"brand_id": written_brand(db), "kind": kind, "rows": msgspec.json.encode(rows).decode()}
        await db.execute(ENTER_AGAIN, told)
