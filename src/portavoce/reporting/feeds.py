"""Which files of intervals a brand has, and one of them to take away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.models import StoredFile
from portavoce.reporting.errors import NoReport
from portavoce.reporting.models import IntervalFeed

DAYS_SHOWN = 62
FILES_OF_A_DAY = 4


class FeedFile(NamedTuple):
    """`name` is what the file is called when it is taken away, but for the brand."""

    id: UUID
    day: str
    minutes: int
    format: str
    restatement: int
    n: int
    as_of: datetime
    rows: int

    @property
    def name(self) -> str:
        again = f"-r{self.restatement}" if self.restatement > 1 else ""
        return f"{self.day}-{self.minutes}min{again}.{self.format}"


class FeedDay(NamedTuple):
    """The files of one day that were written together."""

    day: date
    restatement: int
    n: int
    as_of: datetime
    files: list[FeedFile]


COLUMNS = tuple(getattr(IntervalFeed, name) for name in FeedFile._fields)


async def list_feeds(
    db: AsyncSession, *, before: str = "", at_most: int = DAYS_SHOWN * FILES_OF_A_DAY
) -> list[FeedFile]:
    """Of the one brand in scope, newest day and restatement first; of days before `before` if given."""
    query = select(*COLUMNS).order_by(
        IntervalFeed.day.desc(), IntervalFeed.restatement.desc(), IntervalFeed.minutes, IntervalFeed.format
    )
    if before:
        query = query.where(IntervalFeed.day < before)
    return [FeedFile(*row) for row in await db.execute(query.limit(at_most))]


def by_day(feeds: Iterable[FeedFile]) -> list[FeedDay]:
    """In the order given; a restatement stands by itself."""
    found = []
    for (day, restatement), group in groupby(feeds, key=lambda each: (each.day, each.restatement)):
        files = list(group)
        found.append(FeedDay(date.fromisoformat(day), restatement, files[0].n, files[0].as_of, files))
    return found


async def find_feed(db: AsyncSession, feed_id: UUID) -> FeedFile:
    """NoReport for one the brand in scope does not have."""
    row = (await db.execute(select(*COLUMNS).where(IntervalFeed.id == feed_id))).one_or_none()
    if row is None:
        raise NoReport("This page does not exist.")
    return FeedFile(*row)


async def file_of_feed(db: AsyncSession, feed_id: UUID) -> StoredFile:
    """The row that names the content, which `report` may not read."""
    query = (
        select(StoredFile)
        .join(
            IntervalFeed,
            (IntervalFeed.brand_id == StoredFile.brand_id) & (IntervalFeed.file_id == StoredFile.id),
        )
        .where(IntervalFeed.id == feed_id)
    )
    return (await db.scalars(query)).one()
