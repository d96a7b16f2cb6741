"""An invitation by mail, and its acceptance: the person chooses a password and is signed in."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit_house
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.identity.errors import UnknownPerson
from portavoce.identity.mails import House, send_invitation
from portavoce.identity.models import Person
from portavoce.identity.passwords import Passwords, check_password
from portavoce.identity.sessions import end_sessions_of
from portavoce.identity.signing_in import SignedIn, begin_session
from portavoce.identity.throttling import TOKEN_ADDRESS, admit
from portavoce.identity.tokens import holder, issue, spend

PURPOSE = "invitation"


async def invite(db: AsyncSession, house: House, person_id: UUID, *, by: UUID) -> None:
    """Mail a link that lets the person choose a password; sent again, only the newest link works."""
    person = await db.get(Person, person_id)
    if person is None or person.disabled_at is not None:
        raise UnknownPerson("This person does not exist or has no access any more.")
    token = await issue(db, person.id, PURPOSE)
    send_invitation(db, house, person, token)
    audit_house(db, by, "person.invited", "person", person.id)


async def invited(db: AsyncSession, token: str) -> Person:
    """Whom a usable invitation is for; LinkUsed else."""
    return await holder(db, token, PURPOSE)


async def accept_invitation(
    database: Database,
    passwords: Passwords,
    *,
    token: str,
    password: str,
    address: str,
    old_session: str | None = None,
) -> SignedIn:
    """Raises TooManyAttempts, LinkUsed or WeakPassword; after the first success the link is used up."""
    await admit(database, (TOKEN_ADDRESS, address))
    async with database.begin(HOUSE) as db:
        person = await holder(db, token, PURPOSE)
    check_password(password, email=person.email, name=person.name)
    stored = await passwords.hash(password)
    async with database.begin(HOUSE) as db:
        person = await spend(db, token, PURPOSE)
        person.password_hash = stored
        await end_sessions_of(db, person.id)
        session = await begin_session(db, person.id, address, old_session=old_session)
        audit_house(db, person.id, "invitation.accepted", "person", person.id)
    return SignedIn(person.id, person.locale, session)
