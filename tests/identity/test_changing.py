"""A password by one's own hand, an address by an administrator's."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portavoce.audit.models import Denial, HouseAudit
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.identity.changing import change_address, change_password
from portavoce.identity.errors import (
    KnownAddress,
    LinkUsed,
    NotSignedIn,
    TooManyAttempts,
    UnknownPerson,
    WeakPassword,
    WrongPassword,
)
from portavoce.identity.mails import House
from portavoce.identity.models import Person
from portavoce.identity.passwords import Passwords
from portavoce.identity.sessions import hashed, open_session, person_of_session
from portavoce.identity.tokens import holder, issue
from tests.web.browsing import PASSWORD, mails_to

NEW = "tutt'altra frase, più lunga"


async def change(
    database: Database,
    passwords: Passwords,
    house: House,
    anna: Person,
    current: str = PASSWORD,
    new: str = NEW,
) -> str:
    done = await change_password(
        database, passwords, house, person_id=anna.id, current=current, new=new, address="192.0.2.61"
    )
    return done.token


async def session(database: Database, anna: Person) -> str:
    async with database.begin(HOUSE) as db:
        return open_session(db, anna.id, "192.0.2.1")


async def lives(database: Database, token: str) -> bool:
    async with database.begin(HOUSE) as db:
        return await person_of_session(db, hashed(token)) is not None


async def stored(database: Database, anna: Person) -> Person:
    async with database.begin(HOUSE) as db:
        return await db.get_one(Person, anna.id)


async def test_every_session_and_link_ends_and_a_new_session_begins(
    database: Database, passwords: Passwords, house: House, anna: Person
) -> None:
    before = await session(database, anna)
    async with database.begin(HOUSE) as db:
        link = await issue(db, anna.id, "reset")
    fresh = await change(database, passwords, house, anna)
    assert not await lives(database, before)
    assert await lives(database, fresh)
    async with database.begin(HOUSE) as db:
        with pytest.raises(LinkUsed):
            await holder(db, link, "reset")
        acts = (await db.scalars(select(HouseAudit.action).where(HouseAudit.subject_id == anna.id))).all()
    assert "password.changed" in acts
    assert await passwords.verify((await stored(database, anna)).password_hash, NEW)
    [mail] = await mails_to(database, anna.email)
    assert "password" in mail.subject


async def test_without_the_present_password_nothing_changes_and_it_is_written_down(
    database: Database, passwords: Passwords, house: House, anna: Person
) -> None:
    before = await session(database, anna)
    with pytest.raises(WrongPassword):
        await change(database, passwords, house, anna, current="indovino la frase")
    assert await lives(database, before)
    assert (await stored(database, anna)).password_hash == anna.password_hash
    async with database.begin(HOUSE) as db:
        rows = (
            await db.execute(select(Denial.action, Denial.reason).where(Denial.person_id == anna.id))
        ).all()
    assert [tuple(row) for row in rows] == [("password", "wrong credentials")]
    assert await mails_to(database, anna.email) == []


async def test_guesses_at_the_present_password_are_counted(
    database: Database, passwords: Passwords, house: House, anna: Person
) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            await change(database, passwords, house, anna, current="indovino la frase")
    with pytest.raises(TooManyAttempts):
        await change(database, passwords, house, anna)


@pytest.mark.parametrize("new", ["corta", "Password2026!!", "a" * 300])
async def test_a_weak_password_is_refused(
    database: Database, passwords: Passwords, house: House, anna: Person, new: str
) -> None:
    with pytest.raises(WeakPassword):
        await change(database, passwords, house, anna, new=new)
    assert (await stored(database, anna)).password_hash == anna.password_hash


async def test_a_person_without_a_password_has_none_to_change(
    database: Database, passwords: Passwords, house: House, anna: Person
) -> None:
    async with database.begin(HOUSE) as db:
        (await db.get_one(Person, anna.id)).password_hash = None
    with pytest.raises(WrongPassword):
        await change(database, passwords, house, anna, current="")


async def test_an_access_closed_meanwhile_gets_no_new_session(
    database: Database, passwords: Passwords, house: House, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    hash_it = passwords.hash

    async def slow(password: str) -> str:
        async with database.begin(HOUSE) as db:
            (await db.get_one(Person, anna.id)).disabled_at = database.clock.now()
        return await hash_it(password)

    monkeypatch.setattr(passwords, "hash", slow)
    with pytest.raises(NotSignedIn):
        await change(database, passwords, house, anna)


async def move(database: Database, house: House, anna: Person, email: str) -> None:
    async with database.begin(HOUSE) as db:
        await change_address(db, house, anna.id, email, by=anna.id)


async def test_another_address_ends_sessions_and_links_and_is_told_to_both(
    database: Database, house: House, anna: Person
) -> None:
    before = await session(database, anna)
    async with database.begin(HOUSE) as db:
        links = [(purpose, await issue(db, anna.id, purpose)) for purpose in ("invitation", "reset")]
    old, new = anna.email, f"nuova.{anna.id.hex}@voxa.example"
    await move(database, house, anna, new.upper())
    assert (await stored(database, anna)).email == new
    assert not await lives(database, before)
    for purpose, link in links:
        async with database.begin(HOUSE) as db:
            with pytest.raises(LinkUsed):
                await holder(db, link, purpose)
    for address, other in ((old, new), (new, old)):
        [mail] = await mails_to(database, address)
        assert "indirizzo" in mail.subject
        assert other not in mail.subject + mail.body


@pytest.mark.parametrize("email", ["no address", "a@b\r\nBcc: c@d.example", "a@b.example, c@d.example", ""])
async def test_what_is_no_address_is_refused(
    database: Database, house: House, anna: Person, email: str
) -> None:
    with pytest.raises(KnownAddress):
        await move(database, house, anna, email)
    assert (await stored(database, anna)).email == anna.email


async def test_the_address_of_somebody_else_is_refused_and_nothing_ends(
    database: Database, house: House, anna: Person
) -> None:
    before = await session(database, anna)
    async with database.begin(HOUSE) as db:
        taken = f"bruno.{anna.id.hex}@voxa.example"
        db.add(
            Person(
                id=anna.id.__class__(int=anna.id.int + 1),
                email=taken,
                name="Bruno",
                locale="it",
                created_at=database.clock.now(),
            )
        )
    with pytest.raises(KnownAddress):
        await move(database, house, anna, taken)
    assert await lives(database, before)
    assert await mails_to(database, anna.email) == []


async def test_the_same_address_again_changes_nothing(database: Database, house: House, anna: Person) -> None:
    before = await session(database, anna)
    await move(database, house, anna, f" {anna.email.upper()} ")
    assert await lives(database, before)
    assert await mails_to(database, anna.email) == []


async def test_a_closed_access_is_not_moved(database: Database, house: House, anna: Person) -> None:
    async with database.begin(HOUSE) as db:
        (await db.get_one(Person, anna.id)).disabled_at = database.clock.now()
    with pytest.raises(UnknownPerson):
        await move(database, house, anna, "altra@voxa.example")
