"""The nightly probe's results: what was tried against a brand's wall, what was refused, what was not."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.models import IsolationProbe
from portavoce.core.unit import new_id, now
from portavoce.kit.canonical import dumps

KINDS = ("database", "pages", "elsewhere", "crossed")
"""Rows read by a database role; pages asked for by people without access, by people of another brand, and under
another brand's address."""
SHOWN = 14
KEPT_IN_SIGHT = timedelta(days=SHOWN)
MOST_TOLD = 20


class Failure(NamedTuple):
    """`what` names a route or a table, never a row or a person."""

    kind: str
    what: str


class Found(msgspec.Struct):
    """One brand's attempts by kind, and those that were not refused."""

    attempts: dict[str, int]
    failures: list[Failure]

    def missed(self, kind: str) -> int:
        return sum(failure.kind == kind for failure in self.failures)

    def __add__(self, other: Found) -> Found:
        kinds = [kind for kind in KINDS if kind in self.attempts or kind in other.attempts]
        attempts = {kind: self.attempts.get(kind, 0) + other.attempts.get(kind, 0) for kind in kinds}
        return Found(attempts, self.failures + other.failures)


class Told(msgspec.Struct, frozen=True):
    """A kind with its numbers."""

    kind: str
    checks: int
    failures: int


class Night(msgspec.Struct, frozen=True):
    """A result as it is shown."""

    day: date
    at: datetime
    refused: int
    failures: int
    kinds: tuple[Told, ...]
    told: tuple[Failure, ...]

    @property
    def checks(self) -> int:
        return self.refused + self.failures


class _Detail(msgspec.Struct):
    kinds: dict[str, tuple[int, int]]
    failed: list[Failure]


async def keep(db: AsyncSession, night: date, found: Found) -> bool:
    """Store the written brand's result; the first of a night stays, unless a later one found what it had not.

    True when it was stored.
    """
    row = (await db.scalars(select(IsolationProbe).where(IsolationProbe.night == str(night)))).one_or_none()
    if row is not None and (row.failures or not found.failures):
        return False
    if row is None:
        row = IsolationProbe(id=new_id(db), night=str(night))
        db.add(row)
    row.at, row.failures = now(db), len(found.failures)
    row.refused = sum(found.attempts.values()) - row.failures
    kinds = {kind: [checks, found.missed(kind)] for kind, checks in found.attempts.items()}
    row.detail = dumps({"kinds": kinds, "failed": [list(each) for each in found.failures[:MOST_TOLD]]})
    await db.flush()
    return True


async def nights(db: AsyncSession, *, most: int = SHOWN) -> list[Night]:
    """The brand's results, the newest first."""
    query = (
        select(
            IsolationProbe.night,
            IsolationProbe.at,
            IsolationProbe.refused,
            IsolationProbe.failures,
            IsolationProbe.detail,
        )
        .order_by(IsolationProbe.night.desc())
        .limit(most)
    )
    return [_night(*row) for row in await db.execute(query)]


async def breached(db: AsyncSession) -> dict[UUID, int]:
    """Brands of the read scope whose newest result is not clean, with the number of attempts that were not refused."""
    query = select(IsolationProbe.brand_id, IsolationProbe.failures).order_by(IsolationProbe.night)
    recent = query.where(IsolationProbe.night >= str((now(db) - KEPT_IN_SIGHT).date()))
    newest: dict[UUID, int] = {}
    for brand_id, failures in await db.execute(recent):
        newest[brand_id] = failures
    return {brand_id: failures for brand_id, failures in newest.items() if failures}


def _night(day: str, at: datetime, refused: int, failures: int, detail: str) -> Night:
    told = msgspec.json.decode(detail, type=_Detail)
    kinds = tuple(Told(kind, *told.kinds[kind]) for kind in KINDS if kind in told.kinds)
    return Night(date.fromisoformat(day), at, refused, failures, kinds, tuple(told.failed))
