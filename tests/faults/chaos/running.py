"""One run: the house goes to work, the plan is carried out, the auditor looks at intervals and at the end."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import msgspec

from portavoce.wiring import thread_keys
from tests.auditor import Evidence, Screen, audit
from tests.auditor.screens import differing
from tests.fakes.tcp_proxy import proxy_to
from tests.faults.chaos.injecting import Fault, Trouble
from tests.faults.chaos.keeping import Keeper
from tests.faults.chaos.load import LISTS, Load
from tests.faults.site import Site
from tests.world import build_world

WORLDS = 3
"""Two brands and two agents each; the first is the site's own."""
DRAINED = 180.0
CATCH_UP = 30
"""Looks, a second apart, until every screen shows what the server has."""
"""Seconds within which everything must have left once nothing is broken any more; minutes are hurried."""
HURRY = "UPDATE pv.outbox SET run_at = now() WHERE state = 'pending' AND run_at > now()"
OPEN_ROWS = "SELECT count(*) FROM pv.outbox WHERE state IN ('pending', 'handed')"
BUSY = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'portavoce_app' AND state <> 'idle'"
ANSWERS = "SELECT count(*) FROM pv.message WHERE brand_id = %s AND direction = 'out' AND body = %s"


@dataclass
class Outcome:
    """`injected` by name of the fault; `breaches` are what the auditor found, with the fault after which."""

    seed: int
    injected: Counter[str] = field(default_factory=Counter)
    breaches: list[str] = field(default_factory=list)
    audits: int = 0
    seconds: float = 0.0
    done: Counter[str] = field(default_factory=Counter)
    told: Counter[int] = field(default_factory=Counter)
    deaths: Counter[str] = field(default_factory=Counter)


async def run(
    site: Site,
    faults: int,
    seed: int,
    *,
    every: int = 250,
    stop_database: Fault | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Outcome:
    outcome, begun = Outcome(seed), time.monotonic()
    async with _at_work(site, seed, stop_database) as trouble:
        kinds, dice = trouble.kinds(), random.Random(seed)
        weights = [weight for weight, _ in kinds.values()]
        for number, name in enumerate(dice.choices(list(kinds), weights, k=faults), 1):
            await kinds[name][1]()
            outcome.injected[name] += 1
            await asyncio.sleep(dice.uniform(0, 0.4))
            if number % every == 0 or number == faults:
                say(f"{number} faults in {time.monotonic() - begun:.0f} s; the auditor looks")
                found = await _look(trouble, final=number == faults)
                outcome.audits += 1
                outcome.breaches += [f"after fault {number}: {breach}" for breach in found]
        outcome.done, outcome.told = trouble.load.done, trouble.load.told
        outcome.deaths = trouble.keeper.deaths
    outcome.seconds = time.monotonic() - begun
    return outcome


@asynccontextmanager
async def _at_work(site: Site, seed: int, stop_database: Fault | None) -> AsyncIterator[Trouble]:
    worlds = [site.world]
    keys = thread_keys(site.settings)
    worlds += [
        await build_world(site.world.database, site.settings.files_dir, keys) for _ in range(WORLDS - 1)
    ]
    await site.superuser.execute("UPDATE pv.house_outbox SET state = 'done'")
    keeper, load = Keeper(site), Load(site, worlds, random.Random(seed + 1))
    relay, queue = await proxy_to(f"127.0.0.1:{site.sink.port}"), await proxy_to(str(site.redis.socket))
    async with site.proxied() as line:
        password = site.redis.password_file.read_text()
        site.settings = msgspec.structs.replace(
            site.settings,
            relay_url=f"smtp://127.0.0.1:{relay.port}?security=none",
            redis_url=f"redis://:{password}@127.0.0.1:{queue.port}/0",
        )
        trouble = Trouble(site, keeper, load, line, relay, queue, random.Random(seed + 2), stop_database)
        try:
            await keeper.start()
            await load.start()
            yield trouble
        finally:
            await load.stop()
            await keeper.stop()
            await relay.close()
            await queue.close()


async def _look(trouble: Trouble, *, final: bool) -> list[str]:
    """Calm, drained, audited; then work goes on."""
    site, load = trouble.site, trouble.load
    await trouble.calm()
    try:
        async with asyncio.timeout(DRAINED):
            await load.pause()
            await _drained(site)
            screens = await _screens(site, load)
            while await site.count(OPEN_ROWS):
                await _drained(site)
                screens = await _screens(site, load)
    except TimeoutError:
        return [
            f"not drained: {await site.count(OPEN_ROWS)} rows are open, {len(load.unsent)} mails not taken"
        ]
    await site.world.database.close()
    evidence = Evidence(site.accepted, site.sink.taken, screens)
    found = await audit(site.superuser, evidence, site.world.database if final else None)
    for brand, text in load.written:
        if (times := await site.count(ANSWERS, brand, text)) != 1:
            found.append(f"FT-13 {text!r} was taken once and is there {times} times")
    load.going.set()
    return found


async def _screens(site: Site, load: Load) -> list[Screen]:
    """As they show in the end: a request whose answer was cut off may still be at work."""
    for _ in range(CATCH_UP):
        screens = [screen for agent in load.agents if (screen := await _screen(agent.who.person_id, load))]
        if not [each for screen in screens for each in await differing(site.superuser, screen)]:
            break
        await asyncio.sleep(1)
    return screens


async def _drained(site: Site) -> None:
    """A request whose answer was cut off may still be at work, and write what must leave."""
    while await site.count(OPEN_ROWS) or await site.count(BUSY):
        await site.superuser.execute(HURRY)
        await asyncio.sleep(0.5)


async def _screen(person_id: object, load: Load) -> Screen | None:
    agent = next(one for one in load.agents if one.who.person_id == person_id)
    while (page := await agent.get("/desk")) is None or page.status_code != 200:
        await asyncio.sleep(0.5)
    lists = dict(LISTS.findall(page.text))
    crowded = lists.get("waiting", "").count("/interactions/") >= 50
    return None if crowded else Screen(agent.who.person_id, lists.get("waiting", ""), lists.get("mine", ""))
