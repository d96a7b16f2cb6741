"""A forgotten password as verbs."""

from __future__ import annotations

import pytest

from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.identity.errors import LinkUsed
from portavoce.identity.mails import House
from portavoce.identity.models import Person
from portavoce.identity.passwords import Passwords
from portavoce.identity.resetting import ask_reset, reset_password, resetting
from portavoce.identity.sessions import hashed, open_session, person_of_session
from portavoce.identity.signing_in import sign_in
from portavoce.identity.tokens import issue
from tests.web.browsing import link_in, mails_to

NEW = "tutt'altra frase, più lunga"


async def token_for(database: Database, house: House, anna: Person, peer: str) -> str:
    await ask_reset(database, house, email=anna.email, address=peer)
    return link_in((await mails_to(database, anna.email))[-1]).rpartition("/")[2]


async def test_a_new_password_ends_sessions_and_other_links(
    database: Database, house: House, anna: Person, passwords: Passwords
) -> None:
    token = await token_for(database, house, anna, "192.0.2.51")
    async with database.begin(HOUSE) as db:
        session, invitation = open_session(db, anna.id, "192.0.2.1"), await issue(db, anna.id, "invitation")
    await reset_password(database, passwords, house, token=token, password=NEW, address="192.0.2.51")
    async with database.begin(HOUSE) as db:
        assert await person_of_session(db, hashed(session)) is None
        with pytest.raises(LinkUsed):
            await resetting(db, invitation)
    entered = await sign_in(database, passwords, email=anna.email, password=NEW, address="192.0.2.51")
    assert entered.person_id == anna.id


async def test_a_disabled_person_gets_no_link(database: Database, house: House, anna: Person) -> None:
    async with database.begin(HOUSE) as db:
        (await db.get_one(Person, anna.id)).disabled_at = database.clock.now()
    await ask_reset(database, house, email=anna.email, address="192.0.2.52")
    assert await mails_to(database, anna.email) == []


async def test_a_link_followed_twice_changes_the_password_once(
    database: Database, house: House, anna: Person, passwords: Passwords
) -> None:
    token = await token_for(database, house, anna, "192.0.2.53")
    await reset_password(database, passwords, house, token=token, password=NEW, address="192.0.2.53")
    with pytest.raises(LinkUsed):
        await reset_password(
            database, passwords, house, token=token, password="un'altra ancora", address="192.0.2.53"
        )
