"""Attempts counted in PostgreSQL before anything is evaluated, in a transaction of their own: no rollback loses one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import deny
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.core.unit import now
from portavoce.identity.errors import TooManyAttempts
from portavoce.identity.models import Throttle


class Limit(NamedTuple):
    """So many attempts in each window of time, counted per account or per client address."""

    name: str
    attempts: int
    window: timedelta


QUARTER = timedelta(minutes=15)
SIGN_IN_ACCOUNT = Limit("sign-in.account", 10, QUARTER)
SIGN_IN_ADDRESS = Limit("sign-in.address", 60, QUARTER)
RESET_ACCOUNT = Limit("reset.account", 3, QUARTER)
RESET_ADDRESS = Limit("reset.address", 20, QUARTER)
PASSWORD_ACCOUNT = Limit("password.account", 5, QUARTER)
TOKEN_ADDRESS = Limit("token.address", 30, QUARTER)
API_TOKEN = Limit("api.token", 60, timedelta(minutes=1))
API_ADDRESS = Limit("api.address", 300, QUARTER)
"""Of requests with a token that is no good."""
KEPT = timedelta(days=1)


async def admit(database: Database, *counted: tuple[Limit, str]) -> None:
    """Count one attempt on every (limit, whom), in order; TooManyAttempts at the first that is used up.

    The first one too many in a window leaves a denial. The ones after it are not counted, so name the client address first: a blocked address cannot lock an account.
    """
    for limit, whom in counted:
        async with database.begin(HOUSE) as db:
            made, ends = await _count(db, limit, whom)
            if made == limit.attempts + 1:
                deny(db, None, limit.name, "limit reached", **_where(limit, whom))
        if made > limit.attempts:
            raise TooManyAttempts(
                "Too many attempts. Wait some minutes, then try again.",
                retry_after=str(max(1, int((ends - database.clock.now()).total_seconds()))),
            )


def _where(limit: Limit, whom: str) -> dict[str, str]:
    """Addresses may be written down; what was typed into an account field may be anything."""
    return {"address": whom} if limit.name.endswith(".address") else {}


async def forgive(db: AsyncSession, limit: Limit, whom: str) -> None:
    """Forget the attempts of this window, after a success."""
    await db.execute(delete(Throttle).where(*_here(db, limit, whom)))


async def give_back(db: AsyncSession, limit: Limit, whom: str) -> None:
    """Take one attempt back, so that colleagues behind one address do not use up each other's."""
    mine = (*_here(db, limit, whom), Throttle.attempts > 0)
    await db.execute(update(Throttle).where(*mine).values(attempts=Throttle.attempts - 1))


async def sweep(db: AsyncSession) -> None:
    """Drop windows nobody counts on any more."""
    await db.execute(delete(Throttle).where(Throttle.window_start < now(db) - KEPT))


async def _count(db: AsyncSession, limit: Limit, whom: str) -> tuple[int, datetime]:
    start = _window(now(db), limit.window)
    statement = (
        insert(Throttle)
        .values(key=_key(limit, whom), window_start=start, attempts=1)
        .on_conflict_do_update(
            index_elements=["key", "window_start"], set_={"attempts": Throttle.attempts + 1}
        )
        .returning(Throttle.attempts)
    )
    return (await db.scalars(statement)).one(), start + limit.window


def _here(db: AsyncSession, limit: Limit, whom: str) -> tuple[ColumnElement[bool], ...]:
    return Throttle.key == _key(limit, whom), Throttle.window_start == _window(now(db), limit.window)


def _window(at: datetime, length: timedelta) -> datetime:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch + (at - epoch) // length * length


def _key(limit: Limit, whom: str) -> str:
    """Hashed: what people type into the account field may be anything, even their password."""
    return f"{limit.name}:{sha256(whom.encode(errors='replace')).hexdigest()[:32]}"
