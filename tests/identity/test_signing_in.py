"""The verb behind the sign-in page."""

from __future__ import annotations

import asyncio

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from portavoce.audit.models import Denial, HouseAudit
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.identity.errors import WrongCredentials
from portavoce.identity.models import Person, UserSession
from portavoce.identity.passwords import Passwords
from portavoce.identity.sessions import hashed, person_of_session
from portavoce.identity.signing_in import MOST_SESSIONS, SignedIn, sign_in
from tests.web.browsing import PASSWORD

HERE = "192.0.2.44"


async def enter(database: Database, passwords: Passwords, email: str, password: str = PASSWORD) -> SignedIn:
    return await sign_in(database, passwords, email=email, password=password, address=HERE)


@pytest.mark.parametrize("spell", [str.upper, str.title, lambda email: f"  {email} "])
async def test_an_address_is_known_in_every_spelling(
    database: Database, passwords: Passwords, anna: Person, spell: object
) -> None:
    done = await enter(database, passwords, spell(anna.email))  # type: ignore[operator]  # -- a function
    assert done.person_id == anna.id


async def test_the_cookie_is_not_what_is_stored(
    database: Database, passwords: Passwords, anna: Person
) -> None:
    done = await enter(database, passwords, anna.email)
    async with database.begin(HOUSE) as db:
        found = await person_of_session(db, hashed(done.token))
        stored = (await db.scalars(select(UserSession.id).where(UserSession.person_id == anna.id))).all()
    assert found is not None
    assert stored == [hashed(done.token)]


async def test_entering_and_failing_leave_a_trace_without_the_password(
    database: Database, passwords: Passwords, anna: Person
) -> None:
    with pytest.raises(WrongCredentials):
        await enter(database, passwords, anna.email, "sbagliata del tutto")
    await enter(database, passwords, anna.email)
    async with database.begin(HOUSE) as db:
        refused = (await db.scalars(select(Denial.detail).where(Denial.person_id == anna.id))).all()
        entered = (await db.scalars(select(HouseAudit.action).where(HouseAudit.person_id == anna.id))).all()
    assert refused == ['{"address":"192.0.2.44"}']
    assert entered == ["signed in"]


async def test_a_disabled_person_and_one_without_a_password_stay_out(
    database: Database, passwords: Passwords, anna: Person
) -> None:
    async with database.begin(HOUSE) as db:
        (await db.get_one(Person, anna.id)).disabled_at = database.clock.now()
    with pytest.raises(WrongCredentials):
        await enter(database, passwords, anna.email)
    async with database.begin(HOUSE) as db:
        one = await db.get_one(Person, anna.id)
        one.disabled_at, one.password_hash = None, None
    with pytest.raises(WrongCredentials):
        await enter(database, passwords, anna.email)


async def test_a_hash_of_older_parameters_is_made_anew_on_entering(
    database: Database, passwords: Passwords, anna: Person
) -> None:
    older = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    async with database.begin(HOUSE) as db:
        (await db.get_one(Person, anna.id)).password_hash = older
    await enter(database, passwords, anna.email)
    async with database.begin(HOUSE) as db:
        stored = (await db.get_one(Person, anna.id)).password_hash
    assert stored is not None
    assert not passwords.outdated(stored)


async def test_a_password_changed_while_it_was_verified_no_longer_opens(
    database: Database, anna: Person, passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = passwords.verify

    async def slow(stored: str | None, password: str) -> bool:
        right = await verify(stored, password)
        async with database.begin(HOUSE) as db:
            (await db.get_one(Person, anna.id)).password_hash = await passwords.hash("tutt'altra frase")
        return right

    monkeypatch.setattr(passwords, "verify", slow)
    with pytest.raises(WrongCredentials):
        await enter(database, passwords, anna.email)


async def test_even_at_once_no_more_sessions_than_allowed(
    database: Database, passwords: Passwords, anna: Person
) -> None:
    await asyncio.gather(*[enter(database, passwords, anna.email) for _ in range(MOST_SESSIONS + 3)])
    async with database.begin(HOUSE) as db:
        live = select(func.count(UserSession.id)).where(
            UserSession.person_id == anna.id, UserSession.ended_at.is_(None)
        )
        assert (await db.execute(live)).scalar_one() == MOST_SESSIONS
