"""G4 and G8: from a mail to the agents' screens, and thousands of screens held by one process."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from uuid import uuid4

import psutil
import psycopg

from portavoce.app import create_app
from portavoce.brands.limits import set_limit
from portavoce.core.embedded.redis import ensure_running, stop
from portavoce.core.push import Publisher
from portavoce.onboarding.people import add_person
from portavoce.web.live.hub import MOST_STREAMS
from tests.bench import floor
from tests.bench.live_floor import CHANNEL
from tests.bench.queue_page import signed_in_cookie
from tests.bench.results import Results, quantile
from tests.bench.stage import Stage, Town
from tests.bench.watching import Arrivals, Watcher, fetch, get_p50, open_all, paced, until
from tests.web.live.serving import WebProcess
from tests.world import HOUSE_NAME, letter

MAILS = 60
A_SECOND = 4.0
STREAMS = 5_000
OPENING = 120.0
"""Seconds to open them in; each asks for its snapshot, so a slow machine opens fewer."""
SPARE_FILES = 500
REFETCHES = 30


async def measure(stage: Stage, results: Results, wanted: Callable[[str], bool]) -> None:
    town = await stage.town(stage.installation())
    async with _web(stage, town) as (web, cookie):
        if wanted("G4"):
            await _latencies(stage, results, town, web, cookie)
        if wanted("G8"):
            await _many(results, town, web, cookie, await _crowd(town, STREAMS // MOST_STREAMS + 1))


@asynccontextmanager
async def _web(stage: Stage, town: Town) -> AsyncIterator[tuple[WebProcess, str]]:
    """One granian with one worker, poked through Redis by the mails of this process; Anna's cookie."""
    home = stage.folder / "redis"
    home.mkdir(mode=0o755)
    redis = await asyncio.to_thread(ensure_running, home)
    database = town.world.database
    publisher = Publisher(redis.url)
    database.publish = publisher.publish
    web = WebProcess(town.settings.home, redis.url, town.installation.urls)
    cookie = await signed_in_cookie(database, create_app(town.settings, database), town.world.anna.person_id)
    try:
        await asyncio.to_thread(web.start)
        yield web, cookie
    finally:
        web.close()
        await publisher.close()
        stop(redis)


async def _latencies(stage: Stage, results: Results, town: Town, web: WebProcess, cookie: str) -> None:
    """One mail here, one insert at the floor, in turn; each is timed from its first step to the agent's socket."""
    dsn = stage.floor_dsn()
    await floor.prepare(dsn, [], 0)
    ours, bare = Arrivals(), Arrivals()
    with _floor_web(stage, dsn) as floor_web:
        watchers = [
            Watcher(web.port, "/desk/stream", cookie, ours.hear),
            Watcher(floor_web.port, "/stream", "", bare.hear),
        ]
        await open_all(watchers, within=OPENING)
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
            lock = asyncio.Lock()

            async def one(number: int) -> None:
                await _mail(town, ours, number)
                async with lock:
                    await _bare(connection, bare, number)

            await paced(one, times=MAILS, a_second=A_SECOND)
            await until(lambda: not ours.sent and not bare.sent)
        for watcher in watchers:
            watcher.close()
    _judge_latencies(results, ours.latencies, bare.latencies)


def _judge_latencies(results: Results, ours: list[float], bare: list[float]) -> None:
    results.find(
        "G4", "mail → screen, p99 ÷ floor's p99", quantile(ours, 0.99) / quantile(bare, 0.99), at_most=3
    )
    results.find("G4", "mail → screen, p99 in ms", quantile(ours, 0.99) * 1000, at_most=250)
    for name, seen in (("mail → screen", ours), ("insert → screen, floor", bare)):
        shares = " / ".join(f"{quantile(seen, share) * 1000:.0f}" for share in (0.5, 0.95, 0.99))
        results.figure(f"{name}, p50 / p95 / p99 of {len(seen)} at {A_SECOND:g} a second", f"{shares} ms")


async def _mail(town: Town, arrivals: Arrivals, number: int) -> None:
    # In turn: of one brand the screen shows the fifty most urgent, and these are the least.
    brand = (town.world.aurora, town.world.bosco)[number % 2]
    mark = f"m{number}-{uuid4().hex[:8]}@customer.example"
    raw = letter(brand.address, sender=mark)
    arrivals.sent[mark.encode()] = time.perf_counter()
    await town.world.receive(brand, raw)


async def _bare(
    connection: psycopg.AsyncConnection[tuple[object, ...]], arrivals: Arrivals, number: int
) -> None:
    mark = f"n{number}-{uuid4().hex[:8]}"
    arrivals.sent[mark.encode()] = time.perf_counter()
    await floor.insert(connection, mark)
    await connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, mark])


@contextmanager
def _floor_web(stage: Stage, dsn: str) -> Iterator[WebProcess]:
    web = WebProcess(stage.folder, "", {}, target="tests.bench.live_floor:application", FLOOR_DSN=dsn)
    try:
        web.start()
        yield web
    finally:
        web.close()


async def _crowd(town: Town, people: int) -> list[str]:
    """The cookies of so many agents of both brands: nobody may have more than a few streams."""
    world, cookies = town.world, []
    app = create_app(town.settings, world.database)
    for brand in (world.aurora, world.bosco):
        async with world.database.begin(brand.writing) as db:
            await set_limit(db, "streams", 2 * STREAMS, by="bench")
    for number in range(people):
        person_id = await add_person(
            world.database, HOUSE_NAME, name=f"Operatore {number}", email=f"o{number}@voxa.example", locale="it",
            client_id=None, role="agent", brands=[world.aurora.id, world.bosco.id], by=world.elena,
        )  # fmt: skip
        cookies.append(await signed_in_cookie(world.database, app, person_id))
    return cookies


async def _many(results: Results, town: Town, web: WebProcess, cookie: str, crowd: list[str]) -> None:
    """Idle screens, what they cost, whether others notice, and one event to all of them."""
    await get_p50(web.port, "/desk", cookie, 5)
    alone, memory = await get_p50(web.port, "/desk", cookie, REFETCHES), _memory(web)
    refetch = await _cpu(web, lambda: _refetch(web, cookie)) / REFETCHES
    heard = Heard()
    watchers = [
        Watcher(web.port, "/desk/stream", crowd[number % len(crowd)], heard.hear)
        for number in range(_as_many_as_may())
    ]
    tried = await open_all(watchers, within=OPENING)
    held = [each for each in tried if not each.refused]
    await asyncio.sleep(2)
    each_kb = (_memory(web) - memory) / max(1, len(held)) / 1024
    beside = await get_p50(web.port, "/desk", cookie, REFETCHES)
    event = await _cpu(web, lambda: _one_event(results, town, heard, len(held)))
    for watcher in tried:
        watcher.close()
    results.find("G8", "idle streams held by one worker", len(held), at_least=STREAMS)
    results.find("G8", "streams refused", len(tried) - len(held), at_most=0)
    results.find("G8", "kB each", each_kb, at_most=60)
    results.find("G8", "another request's p50 beside them ÷ alone", beside / alone, at_most=1.5)
    results.find(
        "G8", "one event to all ÷ as many re-fetches, CPU", event / (refetch * len(held)), at_most=0.05
    )


class Heard:
    """Counts streams that were told something since it was last reset; heartbeats are no news."""

    def __init__(self) -> None:
        self.count = 0

    def hear(self, data: bytes) -> None:
        self.count += b"event: queue" in data


async def _one_event(results: Results, town: Town, heard: Heard, watchers: int) -> None:
    heard.count, brand, began = 0, town.world.bosco, time.perf_counter()
    await town.world.receive(brand, letter(brand.address, sender="event@customer.example"))
    await until(lambda: heard.count >= watchers)
    results.find(
        "G8", "one event to all, ms until the last", (time.perf_counter() - began) * 1000, at_most=250
    )


async def _refetch(web: WebProcess, cookie: str) -> None:
    for _ in range(REFETCHES):
        await fetch(web.port, "/desk", cookie)


async def _cpu(web: WebProcess, work: Callable[[], Awaitable[object]]) -> float:
    """Seconds of CPU that the server's processes spend meanwhile."""
    before = _spent(web)
    await work()
    return _spent(web) - before


def _processes(web: WebProcess) -> list[psutil.Process]:
    parent = psutil.Process(web.pid)
    return [parent, *parent.children(recursive=True)]


def _spent(web: WebProcess) -> float:
    return sum(float(each.cpu_times().user + each.cpu_times().system) for each in _processes(web))


def _memory(web: WebProcess) -> int:
    return sum(int(each.memory_info().rss) for each in _processes(web))


def _as_many_as_may() -> int:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return min(STREAMS, (hard if hard > 0 else soft) - SPARE_FILES)
