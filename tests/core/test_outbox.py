"""What must leave is a row of the transaction that causes it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.db import Database
from portavoce.core.errors import NoScope
from portavoce.core.models import HouseOutbox, Outbox
from portavoce.core.outbox import enqueue, enqueue_house_mail
from portavoce.core.scope import HOUSE
from tests.database import NOON
from tests.minting import mint_brand


async def test_a_row_waits_from_now_or_from_the_time_it_was_given(database: Database) -> None:
    aurora = await mint_brand(database)
    async with database.begin(aurora.writing) as db:
        enqueue(db, "t.now", aurora.lob_id)
        enqueue(db, "t.later", aurora.lob_id, run_at=NOON + timedelta(hours=1))
    async with database.begin(aurora.reading) as db:
        rows = {row.topic: row for row in await db.scalars(select(Outbox))}
    assert {topic: (row.run_at, row.state, row.tries) for topic, row in rows.items()} == {
        "t.now": (NOON, "pending", 0),
        "t.later": (NOON + timedelta(hours=1), "pending", 0),
    }
    assert {row.brand_id for row in rows.values()} == {aurora.id}


async def test_a_rollback_takes_the_row_with_it(database: Database) -> None:
    aurora = await mint_brand(database)

    async def cause(db: AsyncSession) -> None:
        enqueue(db, "t", aurora.lob_id)
        await db.flush()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.run(aurora.writing, cause)
    async with database.begin(aurora.reading) as db:
        assert (await db.scalars(select(Outbox))).all() == []


async def test_without_a_brand_nothing_is_enqueued(database: Database) -> None:
    aurora = await mint_brand(database)

    async def cause(db: AsyncSession) -> None:
        enqueue(db, "t", aurora.lob_id)
        await db.flush()

    with pytest.raises(NoScope):
        await database.run(HOUSE, cause)


async def test_mail_of_the_house_needs_no_brand(database: Database) -> None:
    async with database.begin(HOUSE) as db:
        row = enqueue_house_mail(db, "dino@voxa.example", "Ciao", "Testo")
    async with database.begin(HOUSE) as db:
        kept = await db.get_one(HouseOutbox, row.id)
    assert (kept.state, kept.recipient, kept.run_at) == ("pending", "dino@voxa.example", NOON)
