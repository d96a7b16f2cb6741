"""A person's password by their own hand, their address by an administrator's: whoever sat there before has to sign in anew."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit_house, deny
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.identity.errors import KnownAddress, NotSignedIn, UnknownPerson, WrongPassword
from portavoce.identity.mails import House, send_changed, send_moved
from portavoce.identity.models import Person
from portavoce.identity.passwords import Passwords, check_password
from portavoce.identity.people import account_of, person
from portavoce.identity.sessions import end_sessions_of, open_session
from portavoce.identity.signing_in import SignedIn
from portavoce.identity.throttling import PASSWORD_ACCOUNT, admit, forgive
from portavoce.identity.tokens import spend_all

LINKS = ("invitation", "reset")


async def change_password(
    database: Database,
    passwords: Passwords,
    house: House,
    *,
    person_id: UUID,
    current: str,
    new: str,
    address: str,
) -> SignedIn:
    """Every session ends and a new one begins for whoever did it. Raises TooManyAttempts, WrongPassword, WeakPassword.

    A stolen session is not enough: the present password is asked for, and guesses at it are counted.
    """
    await admit(database, (PASSWORD_ACCOUNT, str(person_id)))
    async with database.begin(HOUSE) as db:
        one = await person(db, person_id)
    stored = one.password_hash
    if stored is None or not await passwords.verify(stored, current):
        async with database.begin(HOUSE) as db:
            deny(db, person_id, "password", "wrong credentials", address=address)
        raise WrongPassword("This is not your present password.", current="wrong")
    check_password(new, email=one.email, name=one.name)
    fresh = await passwords.hash(new)
    async with database.begin(HOUSE) as db:
        await _store(db, person_id, stored, fresh)
        await end_sessions_of(db, person_id)
        await spend_all(db, person_id, *LINKS)
        await forgive(db, PASSWORD_ACCOUNT, str(person_id))
        send_changed(db, house, one)
        audit_house(db, person_id, "password.changed", "person", person_id, address=address)
        return SignedIn(person_id, one.locale, open_session(db, person_id, address))


async def change_address(db: AsyncSession, house: House, person_id: UUID, email: str, *, by: UUID) -> None:
    """Sessions and links end; the person hears of it at both addresses. KnownAddress if it is taken or is none."""
    found = (await db.scalars(select(Person).where(Person.id == person_id).with_for_update())).one_or_none()
    if found is None or found.disabled_at is not None:
        raise UnknownPerson("This person does not exist or has no access any more.")
    account, old = account_of(email), found.email
    if account == old:
        return
    found.email = account
    try:
        await db.flush()
    except IntegrityError as error:
        raise KnownAddress("A person with this address exists already.", email="known") from error
    await end_sessions_of(db, person_id)
    await spend_all(db, person_id, *LINKS)
    for recipient in (old, account):
        send_moved(db, house, found, recipient)
    audit_house(db, by, "person.address", "person", person_id, old=old, new=account)


async def _store(db: AsyncSession, person_id: UUID, stored: str, fresh: str) -> None:
    """Locks the person; NotSignedIn when password or access went away while the new one was hashed."""
    statement = (
        update(Person)
        .where(Person.id == person_id, Person.password_hash == stored, Person.disabled_at.is_(None))
        .values(password_hash=fresh)
        .returning(Person.id)
    )
    if (await db.scalars(statement)).one_or_none() is None:
        raise NotSignedIn("Sign in to continue.")
