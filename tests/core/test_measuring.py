"""Numbers read now and then: what waits, for how long, who lives, how large the database is."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest_asyncio
from sqlalchemy import select

from portavoce.core.db import Database
from portavoce.core.heartbeat import beat
from portavoce.core.measuring import BACKUP_MARK, measure_house, measure_pool
from portavoce.core.metrics import REGISTRY
from portavoce.core.models import Heartbeat
from portavoce.core.outbox import enqueue, enqueue_house_mail
from portavoce.core.scope import HOUSE
from portavoce.kit.clock import SteppedClock
from tests.database import Installation
from tests.minting import mint_brand


@pytest_asyncio.fixture
async def own(empty_database: Installation, clock: SteppedClock) -> AsyncIterator[Database]:
    database = Database(empty_database.urls, clock, engine_options={"pool_size": 3})
    yield database
    await database.close()


def value(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(f"portavoce_{name}", labels)


async def test_what_waits_is_counted_by_state_with_the_age_of_the_oldest(
    own: Database, clock: SteppedClock, tmp_path: Path
) -> None:
    aurora = await mint_brand(own)
    async with own.begin(aurora.writing) as db:
        for state in ("pending", "pending", "handed", "dead", "done"):
            enqueue(db, "t", aurora.lob_id).state = state
    async with own.begin(HOUSE) as db:
        enqueue_house_mail(db, "a@voxa.example", "x", "y").state = "dead"
    await beat(own, "worker")
    clock.advance(timedelta(minutes=7))
    await measure_house(own, tmp_path)
    assert [value("outbox_rows", outbox="brand", state=each) for each in ("pending", "handed", "dead")] == [
        2,
        1,
        1,
    ]
    assert value("outbox_rows", outbox="house", state="dead") == 1
    assert (
        value("outbox_oldest_seconds", outbox="brand"),
        value("outbox_oldest_seconds", outbox="house"),
    ) == (420, 0)
    assert value("heartbeat_age_seconds", process="worker") == 420
    assert value("database_bytes") > 1_000_000  # type: ignore[operator]  # -- it is there


async def test_the_age_of_the_backup_is_that_of_its_mark(
    own: Database, clock: SteppedClock, tmp_path: Path
) -> None:
    mark = tmp_path / BACKUP_MARK
    mark.touch()
    os.utime(mark, (clock.now().timestamp() - 3600,) * 2)
    await measure_house(own, tmp_path)
    assert value("backup_age_seconds") == 3600


async def test_connections_in_use_are_seen_and_given_back(own: Database) -> None:
    async with own.begin(HOUSE) as db:
        await db.scalars(select(Heartbeat))
        measure_pool(own)
        assert value("pool_in_use", role="portavoce_app") == 1
    measure_pool(own)
    assert value("pool_in_use", role="portavoce_app") == 0
