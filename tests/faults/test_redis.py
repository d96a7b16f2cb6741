"""Redis dies, forgets, refuses or talks nonsense: mail is taken, people work on, and nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import msgspec
import pytest
import redis

from portavoce.core import dispatching
from portavoce.core.processes.program import Program
from portavoce.core.processes.supervisor import Supervisor
from portavoce.running import programs
from tests.depth import scaled
from tests.fakes.strange_redis import StrangeRedis
from tests.faults.agent import at_the_desk
from tests.faults.site import PATIENCE, Site
from tests.world import letter

pytestmark = pytest.mark.deep
MAILS = scaled(12, deep=600)
JOBS = scaled(10, deep=200)
UNENDED = "SELECT count(*) FROM pv.message WHERE direction = 'out' AND state <> 'sent'"


async def test_redis_dies_under_steady_mail_and_is_missed_by_nobody(site: Site) -> None:
    """The worker dies with it and the supervisor brings it back; an agent reads and answers meanwhile."""
    aurora, said = site.world.aurora, list[str]()
    supervisor = Supervisor(
        [one for one in programs(site.settings, demo=False) if one.name == "worker"],
        tag="faults",
        say=lambda _name, line: said.append(line),
    )
    await site.start("engine", stuck=2)
    keeping = asyncio.create_task(supervisor.run())
    await site.until(lambda: site.count("SELECT count(*) FROM pv.heartbeat WHERE process = 'worker'"))
    sending = asyncio.create_task(_steadily(site))
    await site.until(lambda: site.count("SELECT count(*) FROM pv.interaction"))
    await site.kill_redis()
    [contact, *_] = await site.world.contacts(aurora)
    async with at_the_desk(site, site.world.anna) as anna:
        assert await anna.claim(aurora, contact.id) == 303
        form = await anna.composer(aurora, contact.id)
        assert form is not None
        assert await anna.reply(aurora, contact.id, form, "Senza Redis.") == 303
    assert await sending == [250] * MAILS
    assert site.sink.mails == []
    await site.until(lambda: _said(said, "ended with"))
    await site.start_redis()
    await site.until(lambda: _sent(site))
    supervisor.stop()
    await keeping
    assert await site.faults() == []


async def _steadily(site: Site) -> list[int]:
    return [
        await site.send(letter(site.world.aurora.address, f"n. {n}"), site.world.aurora) for n in range(MAILS)
    ]


async def _said(said: list[str], words: str) -> bool:
    return any(words in line for line in said)


async def _sent(site: Site) -> bool:
    return await site.count(UNENDED) == 0


async def test_a_redis_that_forgets_many_jobs_logs_nobody_out_and_loses_none(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, aurora = site.world, site.world.aurora
    async with at_the_desk(site, world.anna) as anna:
        for n in range(JOBS):
            await world.receive(aurora, letter(aurora.address, f"domanda {n}"))
            [*_, contact] = await world.contacts(aurora)
            await world.answer(aurora, contact.id)
            await world.close_contact(aurora, contact.id)
        while await site.hand_over() == dispatching.BATCH:
            pass
        monkeypatch.setattr(dispatching, "STUCK", timedelta(0))
        with redis.Redis.from_url(site.redis.url) as client:
            client.flushall()
        await site.start("worker")
        await site.until(lambda: _handed_again(site))
        page = await anna.get("/desk")
        assert page is not None
        assert page.status_code == 200, "signed in as before"
    assert len(site.sink.mails) == JOBS
    assert await site.faults() == []


async def _handed_again(site: Site) -> bool:
    monkey = await site.hand_over()
    await asyncio.sleep(0.2)
    return monkey == 0 and await _sent(site)


@pytest.mark.parametrize("mood", ["oom", "loading", "readonly", "garbage"])
async def test_a_redis_that_refuses_or_talks_nonsense_costs_time_only(site: Site, mood: str) -> None:
    """The engine takes mail and asks the stranger seldom; when a real one is back the answer leaves."""
    await site.world.answered(site.world.aurora)
    stranger = StrangeRedis(mood)
    await stranger.start()
    good, site.settings = site.settings, msgspec.structs.replace(site.settings, redis_url=stranger.url)
    engine = await site.start("engine", stuck=2)
    await site.until(lambda: _asked(stranger))
    before, began = stranger.asked, time.monotonic()
    assert await site.send(letter(site.world.aurora.address, "intanto"), site.world.aurora) == 250
    await asyncio.sleep(3)
    assert stranger.asked - before <= 2 * (time.monotonic() - began) + 2, "it does not rest"
    assert engine.returncode is None
    await site.kill(engine)
    await stranger.close()
    site.settings = good
    await site.start("engine", stuck=2)
    await site.start("worker")
    await site.until(lambda: _sent(site))
    assert await site.faults() == []


async def _asked(stranger: StrangeRedis) -> bool:
    return stranger.asked > 0


@pytest.mark.parametrize("mood", ["loading", "readonly", "oom", "garbage"])
async def test_a_worker_before_a_strange_redis_does_not_restart_more_than_once_in_five_seconds(
    site: Site, mood: str
) -> None:
    stranger, said = StrangeRedis(mood), list[str]()
    await stranger.start()
    settings = msgspec.structs.replace(site.settings, redis_url=stranger.url)
    worker: list[Program] = [one for one in programs(settings, demo=False) if one.name == "worker"]
    supervisor = Supervisor(worker, tag=f"faults-{mood}", say=lambda _name, line: said.append(line))
    keeping = asyncio.create_task(supervisor.run())
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await asyncio.sleep(12)
    ends = sum("ended with" in line for line in said)
    assert ends <= 1 + (loop.time() - begun) / 5
    supervisor.stop()
    async with asyncio.timeout(PATIENCE):
        await keeping
    await stranger.close()
