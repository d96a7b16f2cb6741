"""The worker believes signed envelopes of ours only, and does nothing for the rest."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from portavoce import worker
from portavoce.audit.isolation import nights
from portavoce.channels.email.turns import TOPIC
from portavoce.core.config import Settings
from portavoce.core.delivering import Handler, Job
from portavoce.core.jobs import seal
from portavoce.core.models import HouseOutbox, Outbox
from portavoce.core.queueing import job_pool
from portavoce.kit.clock import SteppedClock
from portavoce.wiring import open_database
from tests.database import Installation
from tests.minting import mint_brand
from tests.settled import settled
from tests.world import World

KEY = b"k" * 32


class Seen:
    """Stands for the handlers and the house's postman."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    async def take(self, _database: object, job: Job) -> None:
        self.jobs.append(job)

    async def give_up(self, _database: object, _job: Job, _words: str) -> None:
        raise AssertionError("nothing here fails")

    async def deliver(self, _row: HouseOutbox) -> None:
        raise AssertionError("nothing here is the house's")


async def handed(world: World) -> Outbox:
    answer = await world.answered(world.aurora)
    async with world.database.begin(world.aurora.writing) as db:
        row = (await db.scalars(select(Outbox).where(Outbox.ref_id == answer.id))).one()
        row.state, row.tries, row.handed_at = "handed", 0, world.database.clock.now()
    return row


async def work(world: World, sealed: Any) -> list[Job]:
    seen = Seen()
    context = {
        "database": world.database,
        "key": KEY,
        "handlers": {TOPIC: Handler(seen.take, seen.give_up)},
        "house": seen,
    }
    await worker.work(context, sealed)
    return seen.jobs


async def test_a_signed_envelope_is_worked_on_once(world: World, clock: SteppedClock) -> None:
    row = await handed(world)
    sealed = seal(KEY, TOPIC, world.aurora.id, row.id, 0, clock.now())
    assert await work(world, sealed) == [Job(world.aurora.id, row.ref_id)]
    assert await work(world, sealed) == []


async def test_what_we_did_not_sign_is_logged_and_dropped(world: World, clock: SteppedClock) -> None:
    row = await handed(world)
    forged = seal(b"x" * 32, TOPIC, world.aurora.id, row.id, 0, clock.now())
    moved = seal(KEY, TOPIC, world.aurora.id, row.id, 0, clock.now())
    moved["body"] = moved["body"].replace(str(world.aurora.id), str(world.bosco.id))
    with capture_logs() as logs:
        for sealed in (forged, moved, None, "x", {"body": 1}):
            assert await work(world, sealed) == []
    assert [entry["event"] for entry in logs] == ["refused a job"] * 5
    async with world.database.begin(world.aurora.reading) as db:
        assert (await db.get_one(Outbox, (world.aurora.id, row.id))).state == "handed"


async def test_a_genuine_envelope_for_the_other_brand_finds_nothing(
    world: World, clock: SteppedClock
) -> None:
    row = await handed(world)
    assert await work(world, seal(KEY, TOPIC, world.bosco.id, row.id, 0, clock.now())) == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning:redis")
async def test_from_its_hour_on_it_probes_the_walls_by_itself(
    broker: str, tmp_path: Path, empty_database: Installation
) -> None:
    settings = msgspec.structs.replace(settled(empty_database, broker, tmp_path), probe_at="00:00")
    database = open_database(settings)
    aurora = await mint_brand(database, "Aurora")
    made = worker.make_worker(settings)
    assert made.on_startup is not None
    assert made.on_shutdown is not None
    made.ctx["redis"] = job_pool(broker)
    await made.on_startup(made.ctx)

    async def probed() -> bool:
        async with database.begin(aurora.reading) as db:
            return bool(await nights(db))

    async with asyncio.timeout(120):
        while not await probed():
            await asyncio.sleep(0.2)
    await made.on_shutdown(made.ctx)
    await made.ctx["redis"].aclose(close_connection_pool=True)
    await database.close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning:redis")
async def test_its_jobs_are_shorter_than_the_sweepers_patience_and_arq_takes_them_up_again(
    broker: str, tmp_path: Path, world: World
) -> None:
    settings = Settings(home=tmp_path, redis_url=broker, database_url=world.database.urls["portavoce_app"])
    made = worker.make_worker(settings)
    [function] = made.functions.values()
    assert function.max_tries == 3
    assert function.timeout_s is not None
    assert function.timeout_s < 60
    await made.ctx["database"].close()
