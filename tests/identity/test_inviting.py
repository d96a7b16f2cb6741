"""Inviting and accepting as verbs."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portavoce.audit.models import HouseAudit
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.identity.errors import LinkUsed, UnknownPerson, WeakPassword
from portavoce.identity.inviting import accept_invitation, invite, invited
from portavoce.identity.mails import House
from portavoce.identity.models import Person
from portavoce.identity.passwords import Passwords
from portavoce.identity.sessions import hashed, open_session, person_of_session
from tests.web.browsing import link_in, mails_to


async def token_for(database: Database, house: House, anna: Person) -> str:
    async with database.begin(HOUSE) as db:
        await invite(db, house, anna.id, by=anna.id)
    return link_in((await mails_to(database, anna.email))[-1]).rpartition("/")[2]


async def test_accepting_sets_the_password_and_ends_what_was_open(
    database: Database, house: House, anna: Person, passwords: Passwords
) -> None:
    token = await token_for(database, house, anna)
    async with database.begin(HOUSE) as db:
        before = open_session(db, anna.id, "192.0.2.1")
        assert (await invited(db, token)).id == anna.id
    done = await accept_invitation(
        database, passwords, token=token, password="mai più la stessa", address="192.0.2.2"
    )
    async with database.begin(HOUSE) as db:
        assert await person_of_session(db, hashed(before)) is None
        assert await person_of_session(db, hashed(done.token)) is not None
        stored = (await db.get_one(Person, anna.id)).password_hash
        actions = set(await db.scalars(select(HouseAudit.action).where(HouseAudit.subject_id == anna.id)))
    assert await passwords.verify(stored, "mai più la stessa")
    assert {"person.invited", "invitation.accepted", "signed in"} <= actions


async def test_a_weak_password_uses_nothing_up(
    database: Database, house: House, anna: Person, passwords: Passwords
) -> None:
    token = await token_for(database, house, anna)
    with pytest.raises(WeakPassword):
        await accept_invitation(database, passwords, token=token, password="corta", address="192.0.2.3")
    async with database.begin(HOUSE) as db:
        assert (await invited(db, token)).id == anna.id


async def test_nobody_is_invited_twice_into_nothing(database: Database, house: House, anna: Person) -> None:
    async with database.begin(HOUSE) as db:
        (await db.get_one(Person, anna.id)).disabled_at = database.clock.now()
    with pytest.raises(UnknownPerson):
        await token_for(database, house, anna)


async def test_an_empty_token_is_nobodys(database: Database, passwords: Passwords) -> None:
    with pytest.raises(LinkUsed):
        await accept_invitation(
            database, passwords, token="", password="mai più la stessa", address="192.0.2.4"
        )
