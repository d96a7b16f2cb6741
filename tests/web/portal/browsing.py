"""The portal of the whole application behind a client that signs in as one person or another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx

from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.core.unit import new_id, now
from portavoce.identity.granting import grant
from portavoce.identity.models import Person
from portavoce.identity.sessions import open_session
from tests.minting import Minted
from tests.web.browsing import lent_site


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in person's browser."""

    client: httpx.AsyncClient
    cookie: str
    person_id: UUID

    async def get(
        self, url: str, *, locale: str = "en", method: str = "GET", accept: str = "*/*"
    ) -> httpx.Response:
        headers = {"Cookie": f"portavoce={self.cookie}; lang={locale}", "Accept": accept}
        return await self.client.request(method, url, headers=headers)


@asynccontextmanager
async def browsing(database: Database, home: Path) -> AsyncIterator[httpx.AsyncClient]:
    with lent_site(database, home) as site:
        async with site.browser() as browser:
            yield browser.client


async def sign_in(
    database: Database, client: httpx.AsyncClient, *brands: Minted, role: str = "client_viewer"
) -> Visit:
    """A new person with this role in each of the brands, signed in."""
    async with database.begin(HOUSE) as db:
        person = Person(
            id=new_id(db), email=f"{new_id(db).hex}@aurora.example", name="Carla Neri", created_at=now(db)
        )
        db.add(person)
        await db.flush()
        for brand in brands:
            await grant(db, person.id, role, brand_id=brand.id)
        return Visit(client, open_session(db, person.id, "127.0.0.1"), person.id)
