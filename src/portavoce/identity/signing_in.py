"""Signing in: counted first, verified outside any transaction, and always rewarded with a session of its own."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit_house, deny
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.core.unit import now
from portavoce.identity.errors import WrongCredentials
from portavoce.identity.models import Person, UserSession
from portavoce.identity.passwords import Passwords
from portavoce.identity.sessions import end_session, open_session
from portavoce.identity.throttling import SIGN_IN_ACCOUNT, SIGN_IN_ADDRESS, admit, forgive, give_back
from portavoce.kit.addresses import BadAddress, mail_address

MOST_SESSIONS = 5
WRONG = "This address and this password do not belong together."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`token` is the new cookie's value."""

    person_id: UUID
    locale: str
    token: str


async def sign_in(
    database: Database,
    passwords: Passwords,
    *,
    email: str,
    password: str,
    address: str,
    old_session: str | None = None,
) -> SignedIn:
    """Raises TooManyAttempts or WrongCredentials; the latter says the same, in the same time, for unknown accounts.

    `address` is the client's, `old_session` the id of the session its cookie named: that one ends.
    """
    account = _account(email)
    await admit(database, (SIGN_IN_ADDRESS, address), (SIGN_IN_ACCOUNT, account))
    person = await _find(database, account)
    stored = person.password_hash if person else None
    if not await passwords.verify(stored, password):
        async with database.begin(HOUSE) as db:
            deny(db, person.id if person else None, "sign-in", "wrong credentials", address=address)
        raise WrongCredentials(WRONG)
    assert person is not None
    assert stored is not None
    fresh = await passwords.hash(password) if passwords.outdated(stored) else stored
    async with database.begin(HOUSE) as db:
        await forgive(db, SIGN_IN_ACCOUNT, account)
        await give_back(db, SIGN_IN_ADDRESS, address)
        await _rehash(db, person.id, stored, fresh)
        token = await begin_session(db, person.id, address, old_session=old_session)
    return SignedIn(person.id, person.locale, token)


async def begin_session(
    db: AsyncSession, person_id: UUID, address: str, *, old_session: str | None = None
) -> str:
    """A new session; the one before it in this browser ends, and the oldest ones beyond MOST_SESSIONS."""
    if old_session is not None:
        await end_session(db, old_session)
    await _make_room(db, person_id)
    audit_house(db, person_id, "signed in", "person", person_id, address=address)
    return open_session(db, person_id, address)


async def sign_out(db: AsyncSession, person_id: UUID, session_id: str) -> None:
    await end_session(db, session_id)
    audit_house(db, person_id, "signed out", "person", person_id)


async def _find(database: Database, account: str) -> Person | None:
    async with database.begin(HOUSE) as db:
        query = select(Person).where(Person.email == account, Person.disabled_at.is_(None))
        return (await db.scalars(query)).one_or_none()


async def _rehash(db: AsyncSession, person_id: UUID, stored: str, fresh: str) -> None:
    """Locks the person; WrongCredentials when the password was changed or the account disabled meanwhile."""
    statement = (
        update(Person)
        .where(Person.id == person_id, Person.password_hash == stored, Person.disabled_at.is_(None))
        .values(password_hash=fresh)
        .returning(Person.id)
    )
    if (await db.scalars(statement)).one_or_none() is None:
        raise WrongCredentials(WRONG)


async def _make_room(db: AsyncSession, person_id: UUID) -> None:
    at = now(db)
    live = (
        UserSession.person_id == person_id,
        UserSession.ended_at.is_(None),
        UserSession.expires_at > at,
    )
    query = select(UserSession.id).where(*live).order_by(UserSession.seen_at.desc()).offset(MOST_SESSIONS - 1)
    crowded_out = (await db.scalars(query)).all()
    await db.execute(update(UserSession).where(UserSession.id.in_(crowded_out)).values(ended_at=at))


def _account(email: str) -> str:
    """The address in its one spelling, or what was written: it is then nobody's."""
    try:
        return mail_address(email)
    except BadAddress:
        return email.strip().lower()
