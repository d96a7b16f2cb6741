"""A person of the provider, and hashing that costs a test nothing."""

from __future__ import annotations

import pytest
import pytest_asyncio

from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.core.unit import new_id, now
from portavoce.identity.mails import House
from portavoce.identity.models import Person
from portavoce.identity.passwords import Passwords
from tests.web.browsing import PASSWORD, QUICK


@pytest.fixture
def passwords() -> Passwords:
    return QUICK


@pytest.fixture
def house() -> House:
    return House("Voxa Servizi", "http://testserver.local")


@pytest_asyncio.fixture
async def anna(database: Database) -> Person:
    async with database.begin(HOUSE) as db:
        one = Person(
            id=new_id(db),
            email=f"anna.{new_id(db).hex}@voxa.example",
            name="Anna Riva",
            password_hash=await QUICK.hash(PASSWORD),
            locale="it",
            created_at=now(db),
        )
        db.add(one)
    return one
