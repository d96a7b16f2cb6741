"""A forgotten password: the answer never tells whether an address is known, and a new password ends every session."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit_house, deny
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.identity.mails import House, send_changed, send_reset
from portavoce.identity.models import Person
from portavoce.identity.passwords import Passwords, check_password
from portavoce.identity.sessions import end_sessions_of
from portavoce.identity.throttling import (
    RESET_ACCOUNT,
    RESET_ADDRESS,
    SIGN_IN_ACCOUNT,
    TOKEN_ADDRESS,
    admit,
    forgive,
)
from portavoce.identity.tokens import holder, issue, spend, spend_all
from portavoce.kit.addresses import BadAddress, mail_address

PURPOSE = "reset"


async def ask_reset(database: Database, house: House, *, email: str, address: str) -> None:
    """Mail a link if the address is somebody's; says nothing either way. Raises TooManyAttempts."""
    account = _account(email)
    await admit(database, (RESET_ADDRESS, address), (RESET_ACCOUNT, account))
    async with database.begin(HOUSE) as db:
        query = select(Person).where(Person.email == account, Person.disabled_at.is_(None))
        person = (await db.scalars(query)).one_or_none()
        if person is None:
            deny(db, None, "password reset", "unknown address", address=address)
            return
        token = await issue(db, person.id, PURPOSE)
        send_reset(db, house, person, token)
        audit_house(db, person.id, "reset.asked", "person", person.id, address=address)


async def resetting(db: AsyncSession, token: str) -> Person:
    """Whom a usable link is for; LinkUsed else."""
    return await holder(db, token, PURPOSE)


async def reset_password(
    database: Database, passwords: Passwords, house: House, *, token: str, password: str, address: str
) -> None:
    """Raises TooManyAttempts, LinkUsed or WeakPassword. Every session ends, every other link stops working."""
    await admit(database, (TOKEN_ADDRESS, address))
    async with database.begin(HOUSE) as db:
        person = await holder(db, token, PURPOSE)
    check_password(password, email=person.email, name=person.name)
    stored = await passwords.hash(password)
    async with database.begin(HOUSE) as db:
        person = await spend(db, token, PURPOSE)
        person.password_hash = stored
        await end_sessions_of(db, person.id)
        await spend_all(db, person.id, "invitation", PURPOSE)
        await forgive(db, SIGN_IN_ACCOUNT, person.email)
        send_changed(db, house, person)
        audit_house(db, person.id, "password.reset", "person", person.id, address=address)


def _account(email: str) -> str:
    try:
        return mail_address(email)
    except BadAddress:
        return email.strip().lower()
