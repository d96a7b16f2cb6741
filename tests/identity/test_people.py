"""People: one per address, and gone at once when disabled."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import select

from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.identity.errors import KnownAddress, LinkUsed, UnknownPerson
from portavoce.identity.models import Person
from portavoce.identity.people import add_person, choose_locale, disable, person
from portavoce.identity.sessions import hashed, open_session, person_of_session
from portavoce.identity.tokens import holder, issue


async def add(database: Database, email: str) -> Person:
    async with database.begin(HOUSE) as db:
        return await add_person(db, name="Bruno Sala", email=email, locale="en", client_id=None, by=None)


async def test_a_person_is_added_without_password_and_rights(database: Database) -> None:
    email = f"{uuid4().hex}@voxa.example"
    one = await add(database, email.upper())
    assert (one.email, one.password_hash, one.locale) == (email, None, "en")


async def test_of_two_at_once_with_one_address_one_is_added(database: Database) -> None:
    email = f"{uuid4().hex}@voxa.example"
    made = await asyncio.gather(*[add(database, email) for _ in range(4)], return_exceptions=True)
    assert sum(isinstance(each, KnownAddress) for each in made) == 3
    async with database.begin(HOUSE) as db:
        assert len((await db.scalars(select(Person).where(Person.email == email))).all()) == 1


@pytest.mark.parametrize("email", ["", "nobody", "a b@voxa.example", "a@b@c", "a\r\nBcc: x@y.example"])
async def test_what_is_no_address_adds_nobody(database: Database, email: str) -> None:
    with pytest.raises(KnownAddress):
        await add(database, email)


async def test_disabling_ends_sessions_and_links(database: Database, anna: Person) -> None:
    async with database.begin(HOUSE) as db:
        cookie, link = open_session(db, anna.id, "192.0.2.1"), await issue(db, anna.id, "reset")
    async with database.begin(HOUSE) as db:
        assert await person_of_session(db, hashed(cookie)) is not None
        await disable(db, anna.id, by=anna.id)
    async with database.begin(HOUSE) as db:
        assert await person_of_session(db, hashed(cookie)) is None
        with pytest.raises(LinkUsed):
            await holder(db, link, "reset")


async def test_disabling_twice_keeps_the_first_moment(database: Database, anna: Person) -> None:
    moments = []
    for _ in range(2):
        async with database.begin(HOUSE) as db:
            await disable(db, anna.id, by=anna.id)
            moments.append((await person(db, anna.id)).disabled_at)
    assert moments[0] == moments[1] is not None


async def test_a_person_chooses_a_language(database: Database, anna: Person) -> None:
    async with database.begin(HOUSE) as db:
        await choose_locale(db, anna.id, "en")
    async with database.begin(HOUSE) as db:
        assert (await person(db, anna.id)).locale == "en"


@pytest.mark.parametrize("verb", [person, lambda db, one: disable(db, one, by=one)])
async def test_nobody_is_not_found(database: Database, verb: object) -> None:
    async with database.begin(HOUSE) as db:
        with pytest.raises(UnknownPerson):
            await verb(db, uuid4())  # type: ignore[operator]  # -- a verb
