"""A program of Aurora's client: it shows a token and has no cookie."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest_asyncio

from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.core.unit import new_id, now
from portavoce.identity.api_tokens import make_token
from portavoce.identity.granting import grant
from portavoce.identity.models import Person
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.writing import write_facts
from portavoce.web.templating import Templates
from tests.database import NOON
from tests.minting import Minted, mint_brand
from tests.reporting.telling import Contact, tell
from tests.web.browsing import lent_site

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Program:
    """Aurora had 4 contacts in March: two in time, one late, one without an answer. Rosa made the token."""

    database: Database
    clock: SteppedClock
    client: httpx.AsyncClient
    aurora: Minted
    bosco: Minted
    rosa: UUID
    secret: str
    files: Path

    async def get(
        self, path: str, *, brand: Minted | None = None, bearer: str | None = None, **headers: str
    ) -> httpx.Response:
        """With the token unless another is given; `bearer=""` shows none."""
        secret = self.secret if bearer is None else bearer
        shown = {"Authorization": f"Bearer {secret}"} if secret else {}
        return await self.client.get(
            f"/api/v1/brands/{(brand or self.aurora).slug}{path}", headers={**shown, **headers}
        )


async def approver(database: Database, *brands: Minted) -> UUID:
    async with database.begin(HOUSE) as db:
        person = Person(
            id=new_id(db), email=f"{new_id(db).hex}@aurora.example", name="Rosa Neri", created_at=now(db)
        )
        db.add(person)
        await db.flush()
        for brand in brands:
            await grant(db, person.id, "client_approver", brand_id=brand.id)
        return person.id


@pytest_asyncio.fixture
async def program(
    make_database: Callable[..., Database], clock: SteppedClock, tmp_path: Path, templates: Templates
) -> AsyncIterator[Program]:
    database = make_database(last_writers=(write_facts,))
    aurora, bosco = await mint_brand(database, "Aurora"), await mint_brand(database, "Bosco")
    clock.move_to(NOON + 8 * DAY)
    await tell(
        database,
        aurora,
        Contact(NOON, NOON + HOUR),
        Contact(NOON, NOON + 2 * HOUR),
        Contact(NOON + DAY, NOON + 3 * DAY),
        Contact(NOON + 8 * DAY),
    )
    await tell(database, bosco, Contact(NOON))
    rosa = await approver(database, aurora)
    secret = await database.run(aurora.writing, lambda db: make_token(db, "Piano", 30, person_id=rosa))
    with lent_site(database, tmp_path) as site:
        async with site.browser() as browser:
            files = site.settings.files_dir
            yield Program(database, clock, browser.client, aurora, bosco, rosa, secret, files)
