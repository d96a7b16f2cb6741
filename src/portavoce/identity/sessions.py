"""Database sessions: a random cookie, stored hashed; rotated at sign-in, ended on sign-out and password change."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.unit import now
from portavoce.identity.models import Person, UserSession

IDLE = timedelta(minutes=30)
LIFETIME = timedelta(hours=12)
SEEN_STEP = timedelta(minutes=1)

LIVE = (
    select(Person, UserSession.seen_at)
    .join(UserSession, UserSession.person_id == Person.id)
    .where(
        UserSession.id == bindparam("session_id"),
        UserSession.ended_at.is_(None),
        UserSession.expires_at > bindparam("at"),
        UserSession.seen_at > bindparam("seen_after"),
        Person.disabled_at.is_(None),
    )
)


def hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def open_session(db: AsyncSession, person_id: UUID, address: str) -> str:
    """A new session; returns the cookie's value, which is stored nowhere."""
    token = secrets.token_urlsafe(32)
    at = now(db)
    db.add(
        UserSession(
            id=hashed(token),
            person_id=person_id,
            created_at=at,
            seen_at=at,
            expires_at=at + LIFETIME,
            address=address,
        )
    )
    return token


async def person_of_session(db: AsyncSession, session_id: str, *, active: bool = True) -> Person | None:
    """Who is behind a live session (by its hash); None when it ended, expired, idled out or the person is disabled.

    `active`: a person did something, which is noted from time to time. What a page asks by itself keeps no session
    alive.
    """
    at = now(db)
    wanted = {"session_id": session_id, "at": at, "seen_after": at - IDLE}
    found = (await db.execute(LIVE, wanted)).one_or_none()
    if found is None:
        return None
    if active and at - found.seen_at > SEEN_STEP:
        await db.execute(update(UserSession).where(UserSession.id == session_id).values(seen_at=at))
    person: Person = found.Person
    return person


async def end_session(db: AsyncSession, session_id: str) -> None:
    await db.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.ended_at.is_(None))
        .values(ended_at=now(db))
    )


async def end_every_session(db: AsyncSession) -> int:
    """Of everybody; returns how many had not ended."""
    query = update(UserSession).where(UserSession.ended_at.is_(None)).values(ended_at=now(db))
    return len((await db.scalars(query.returning(UserSession.id))).all())


async def end_sessions_of(db: AsyncSession, person_id: UUID, *, but: str | None = None) -> None:
    """Every session of a person, or every other one."""
    query = update(UserSession).where(UserSession.person_id == person_id, UserSession.ended_at.is_(None))
    if but is not None:
        query = query.where(UserSession.id != but)
    await db.execute(query.values(ended_at=now(db)))
