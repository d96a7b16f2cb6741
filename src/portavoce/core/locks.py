"""Rows that this unit of work has locked: they stay as they are until it ends, so nobody asks for them twice."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession

LOCKED = "locked"
T = TypeVar("T")


def keep_locked(db: AsyncSession, *rows: object) -> None:
    """Remember rows that were just read under a lock. Not within a savepoint: rolled back, it would let them go."""
    if db.in_nested_transaction():
        return
    held: dict[Any, object] = db.info.setdefault(LOCKED, {})
    for row in rows:
        held[type(row), inspect(row, raiseerr=True).identity] = row


def locked(db: AsyncSession, kind: type[T], *key: object) -> T | None:
    """The row of this primary key, as the unit has it, when it holds its lock."""
    row: T | None = db.info.get(LOCKED, {}).get((kind, key))
    return row
