"""Add a person of the provider or of a client company, change what is theirs, and take their access away."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit_house
from portavoce.core.unit import new_id, now
from portavoce.identity.errors import KnownAddress, UnknownPerson
from portavoce.identity.models import Person
from portavoce.identity.sessions import end_sessions_of
from portavoce.identity.tokens import spend_all
from portavoce.kit.addresses import BadAddress, mail_address


async def add_person(
    db: AsyncSession, *, name: str, email: str, locale: str, client_id: UUID | None, by: UUID | None
) -> Person:
    """A person without a password and without rights. KnownAddress if the address is taken or is none."""
    values = {"email": account_of(email), "name": name, "client_id": client_id, "locale": locale}
    statement = (
        insert(Person)
        .values(id=new_id(db), created_at=now(db), **values)
        .on_conflict_do_nothing(index_elements=["email"])
        .returning(Person)
    )
    made = (await db.scalars(statement)).one_or_none()
    if made is None:
        raise KnownAddress("A person with this address exists already.", email="known")
    audit_house(db, by, "person.added", "person", made.id)
    return made


def account_of(email: str) -> str:
    """The address in its one spelling; KnownAddress if it is none."""
    try:
        return mail_address(email)
    except BadAddress as error:
        raise KnownAddress("Write the address as name@domain.", email="address") from error


async def person(db: AsyncSession, person_id: UUID) -> Person:
    """UnknownPerson when there is none."""
    found = await db.get(Person, person_id)
    if found is None:
        raise UnknownPerson("This person does not exist.")
    return found


async def choose_locale(db: AsyncSession, person_id: UUID, locale: str) -> None:
    """The language of the person's pages and mails."""
    (await person(db, person_id)).locale = locale


async def disable(db: AsyncSession, person_id: UUID, *, by: UUID) -> None:
    """Take the access away at once: sessions end, links stop working. What the person did stays on record."""
    query = select(Person).where(Person.id == person_id).with_for_update()
    found = (await db.scalars(query)).one_or_none()
    if found is None:
        raise UnknownPerson("This person does not exist.")
    if found.disabled_at is None:
        found.disabled_at = now(db)
        await end_sessions_of(db, person_id)
        await spend_all(db, person_id, "invitation", "reset")
        audit_house(db, by, "person.disabled", "person", person_id)
