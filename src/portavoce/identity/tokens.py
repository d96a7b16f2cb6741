"""One-time links: random, stored hashed, good for one purpose, one use and a limited time."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.unit import now
from portavoce.identity.errors import LinkUsed
from portavoce.identity.models import LoginToken, Person
from portavoce.identity.sessions import hashed

LIFETIMES = {"invitation": timedelta(hours=72), "reset": timedelta(hours=1)}
USED = "This link has been used or is too old. Ask for a new one."


async def issue(db: AsyncSession, person_id: UUID, purpose: str) -> str:
    """A new link's secret; earlier unused ones of the same purpose stop working."""
    await spend_all(db, person_id, purpose)
    token, at = secrets.token_urlsafe(32), now(db)
    expires = at + LIFETIMES[purpose]
    db.add(
        LoginToken(id=hashed(token), person_id=person_id, purpose=purpose, created_at=at, expires_at=expires)
    )
    return token


async def holder(db: AsyncSession, token: str, purpose: str) -> Person:
    """Whom a usable link is for; LinkUsed else. Looking does not use it up: mail scanners look too."""
    query = (
        select(Person)
        .join(LoginToken, LoginToken.person_id == Person.id)
        .where(*_usable(db, token, purpose), Person.disabled_at.is_(None))
    )
    person = (await db.scalars(query)).one_or_none()
    if person is None:
        raise LinkUsed(USED)
    return person


async def spend(db: AsyncSession, token: str, purpose: str) -> Person:
    """Use the link up, once among any number of tries at the same time; LinkUsed for all the others."""
    statement = (
        update(LoginToken)
        .where(*_usable(db, token, purpose))
        .values(used_at=now(db))
        .returning(LoginToken.person_id)
    )
    person_id = (await db.scalars(statement)).one_or_none()
    person = await db.get(Person, person_id, with_for_update=True) if person_id else None
    if person is None or person.disabled_at is not None:
        raise LinkUsed(USED)
    return person


async def spend_all(db: AsyncSession, person_id: UUID, *purposes: str) -> None:
    """Links sent earlier stop working."""
    unused = (LoginToken.person_id == person_id, LoginToken.used_at.is_(None))
    await db.execute(
        update(LoginToken).where(*unused, LoginToken.purpose.in_(purposes)).values(used_at=now(db))
    )


async def spend_everybodys(db: AsyncSession, purpose: str) -> None:
    """All links of one purpose stop working."""
    unused = (LoginToken.purpose == purpose, LoginToken.used_at.is_(None))
    await db.execute(update(LoginToken).where(*unused).values(used_at=now(db)))


def _usable(db: AsyncSession, token: str, purpose: str) -> tuple[ColumnElement[bool], ...]:
    return (
        LoginToken.id == hashed(token),
        LoginToken.purpose == purpose,
        LoginToken.used_at.is_(None),
        LoginToken.expires_at > now(db),
    )
