"""No job and no timer inherits a scope: each opens its own, and what another left behind in the process is not there."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from portavoce import engine, worker
from portavoce.core.config import Settings
from portavoce.core.db import APP, DISPATCH, REPORT, ROUTER, Database
from portavoce.core.delivering import Handler, Job, work_on
from portavoce.core.errors import NoScope
from portavoce.core.heartbeat import beat
from portavoce.core.jobs import Envelope
from portavoce.core.outbox import enqueue
from portavoce.core.scope import HOUSE
from portavoce.core.storage import Storage
from portavoce.customers.models import Customer
from portavoce.kit.clock import SteppedClock
from portavoce.privacy.removing import remove_if_due
from portavoce.reporting.feeding import feed_when_due
from portavoce.reporting.mailing.running import run_schedules
from portavoce.reporting.nightly import reconcile_when_due
from portavoce.reporting.observing.following import follow_all
from portavoce.sla.relief.silence import hear_silence
from tests.database import Installation
from tests.depth import scaled
from tests.minting import Minted, mint_brand

JOBS = {"work": "the scope of the envelope's brand; tests of delivering, and below"}
LOOPS = {
    "dispatch": "the house, as dispatch",
    "tick": "each brand by itself, its list as dispatch",
    "sweep": "each brand by itself, the throttle in the house",
    "beat": "the house",
    "retention": "each brand by itself, the provider's own book-keeping in the house",
    "numbers": "the house; counts of waiting rows as dispatch",
    "wrap-up": "the house, then each brand by itself, their list as dispatch",
    "index": "each brand by itself, its list as dispatch",
    "reconcile": "each brand by itself, their list as dispatch",
    "silence": "each brand by itself, their list as dispatch",
    "schedules": "each brand by itself, their list as dispatch",
    "feed": "each brand by itself, their list as dispatch",
    "reports": "each brand by itself, the list of those that lag as dispatch",
    "probe": "every scope there is, on purpose; tests of core.trespass and of web.trespassing",
}
"""Every function of the worker and every loop of a process, with the scope it opens: a new one is added here."""
EACH = 4


def loops_of(module: ModuleType) -> set[str]:
    """The names given to `repeat` anywhere in the module."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Call)]
    return {ast.literal_eval(call.args[0]) for call in calls if ast.unparse(call.func) == "repeat"}


@pytest.mark.filterwarnings("ignore::DeprecationWarning:redis")
async def test_every_job_and_every_loop_is_listed_with_its_scope(
    broker: str, tmp_path: Path, database: Database
) -> None:
    settings = Settings(home=tmp_path, redis_url=broker, database_url=database.urls[APP])
    made = worker.make_worker(settings)
    assert made.functions.keys() == JOBS.keys()
    assert not made.cron_jobs
    assert loops_of(engine) | loops_of(worker) == LOOPS.keys()
    await made.ctx["database"].close()


def test_a_loop_that_nobody_listed_would_be_seen() -> None:
    planted = ModuleType("planted")
    source = "tasks.create_task(repeat('gossip', EVERY, lambda: None, stopping))"
    planted.__dict__["repeat"] = None
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    names = {ast.literal_eval(each.args[0]) for each in found if ast.unparse(each.func) == "repeat"}
    assert names - LOOPS.keys() == {"gossip"}


async def envelopes(database: Database, brands: list[Minted], each: int) -> AsyncIterator[Envelope]:
    for brand in brands * each:
        async with database.begin(brand.writing) as db:
            row = enqueue(db, "t", brand.lob_id)
            row.state, row.handed_at = "handed", database.clock.now()
        yield Envelope(1, "t", brand.id, row.id, 0, database.clock.now())


async def test_jobs_of_many_brands_at_once_see_their_own_and_leave_nothing_behind(
    database: Database, brands: list[Minted]
) -> None:
    seen: list[tuple[UUID, set[UUID]]] = []

    async def deliver(given: Database, job: Job) -> None:
        with pytest.raises(NoScope):
            await unscoped(given)
        async with given.begin(next(brand.reading for brand in brands if brand.id == job.brand_id)) as db:
            await asyncio.sleep(0)
            seen.append((job.brand_id, set(await db.scalars(select(Customer.brand_id)))))
        if len(seen) % 3 == 0:
            raise RuntimeError("a job that fails in the middle")

    async def give_up(_given: Database, _job: Job, _words: str) -> None:
        raise AssertionError("nothing is given up at the first try")

    async def house(_row: object) -> None:
        raise AssertionError("nothing here is the house's")

    made = [each async for each in envelopes(database, brands, EACH)]
    handler = {"t": Handler(deliver, give_up)}
    with capture_logs() as logs:
        await asyncio.gather(*(work_on(database, each, handler, house) for each in made))
    assert {entry["event"] for entry in logs} == {"a job failed", "a job ended"}
    assert len(seen) == EACH * len(brands)
    assert all(found == {brand} for brand, found in seen)
    with pytest.raises(NoScope):
        await unscoped(database)


async def unscoped(database: Database) -> None:
    """What a job would see of a scope that was left open."""
    async with database.begin(HOUSE) as db:
        await db.scalars(select(Customer.id))


@contextmanager
def scopes_opened(engines: dict[str, AsyncEngine]) -> Iterator[list[tuple[str, str]]]:
    """Role and first statement of every transaction meanwhile."""
    opened: list[tuple[str, str]] = []
    fresh: set[int] = set()
    heard: list[tuple[AsyncEngine, str, Any]] = []
    for role, each in engines.items():

        def begun(connection: Any) -> None:
            fresh.add(id(connection))

        def sent(connection: Any, _cursor: Any, statement: str, *_rest: Any, role: str = role) -> None:
            if id(connection) in fresh:
                fresh.discard(id(connection))
                opened.append((role, statement))

        heard += [(each, "begin", begun), (each, "before_cursor_execute", sent)]
    for each, name, listener in heard:
        event.listen(each.sync_engine, name, listener)
    try:
        yield opened
    finally:
        for each, name, listener in heard:
            event.remove(each.sync_engine, name, listener)


async def test_every_round_of_a_loop_begins_each_transaction_with_a_scope_of_one_brand_at_most(
    empty_database: Installation, clock: SteppedClock, tmp_path: Path
) -> None:
    database = Database(empty_database.urls, clock)
    engines = {role: database.engine(role) for role in (APP, REPORT, ROUTER, DISPATCH)}
    storage = Storage(tmp_path)
    for name in ("Aurora", "Bosco"):
        storage.save((await mint_brand(database, name)).id, b"x")

    class Away:
        async def alive(self) -> bool:
            return True

        async def hand(self, _head: object) -> None:
            return None

    rounds: dict[str, Callable[[], Awaitable[object]]] = {
        "dispatch": lambda: engine._dispatch(database, Away()),  # type: ignore[arg-type]  # -- a queue that takes all
        "tick": lambda: engine._tick(database),
        "sweep": lambda: engine._sweep(database, storage),
        "beat": lambda: beat(database, "engine"),
        "retention": lambda: remove_if_due(database, storage),
        "wrap-up": lambda: engine._wrap_up(database),
        "index": lambda: engine._index(database),
        "reconcile": lambda: reconcile_when_due("00:00", database),
        "schedules": lambda: run_schedules(database),
        "feed": lambda: feed_when_due("00:00", database, storage),
        "reports": lambda: follow_all(database),
        "silence": lambda: hear_silence(database),
        "numbers": lambda: engine._measure(Settings(home=tmp_path, metrics_port=1), database),
    }
    assert rounds.keys() == LOOPS.keys() - {"probe"}
    for name, one in rounds.items():
        with scopes_opened(engines) as opened:
            await one()
        assert opened, name
        for role, first in opened:
            assert re.match(r"BEGIN(?: [A-Z ]+)?; SET LOCAL app.brand_ids = '", first), name
            brand_ids = first.split("'")[1]
            assert "," not in brand_ids, f"{name} opened a scope of several brands"
            assert not (role == DISPATCH and brand_ids), f"{name} gave the dispatcher a brand"
    await database.close()


async def test_one_connection_that_serves_brands_in_turn_shows_each_its_own(
    installation: Installation, database: Database, brands: list[Minted]
) -> None:
    """SEC-08: changes of brand, a thousand of them when deep, on one pooled connection, some units broken off or cancelled."""
    one = Database(installation.urls, database.clock, engine_options={"pool_size": 1, "max_overflow": 0})
    try:
        for turn in range(scaled(200, 1000)):
            await _turn(one, brands[turn % 2], turn)
        assert await _names(one, brands[0], broken=False) == {brands[0].id}
        async with one.engine().connect() as connection:
            query = "SELECT current_setting('app.brand_ids', true), current_setting('app.brand_id', true)"
            assert {*(await connection.exec_driver_sql(query)).one()} <= {"", None}
    finally:
        await one.close()


async def _turn(database: Database, brand: Minted, number: int) -> None:
    """Every fifth unit is broken off, every fifth cancelled."""
    task = asyncio.create_task(_names(database, brand, broken=number % 5 == 3))
    if number % 5 == 4:
        await asyncio.sleep(0)
        task.cancel()
    [answer] = await asyncio.gather(task, return_exceptions=True)
    assert answer == {brand.id} or isinstance(answer, RuntimeError | asyncio.CancelledError), answer


async def _names(database: Database, brand: Minted, *, broken: bool) -> set[UUID]:
    async with database.begin(brand.reading) as db:
        found = set(await db.scalars(select(Customer.brand_id)))
        if broken:
            assert found == {brand.id}
            raise RuntimeError("broken off")
        return found
