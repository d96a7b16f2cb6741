"""Heads go to Redis as signed envelopes; a Redis that is away or frozen stops nobody."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import redis
from arq.constants import default_queue_name, job_key_prefix

from portavoce.core import queueing
from portavoce.core.dispatching import Head
from portavoce.core.embedded.redis import RedisServer, ensure_running
from portavoce.core.jobs import deserialize, unseal
from portavoce.core.queueing import FUNCTION, JobQueue, NotHanded
from portavoce.kit.clock import SteppedClock

KEY = b"k" * 32
HEAD = Head(UUID(int=1), UUID(int=2), "email.deliver", 1)


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """One that the test may kill."""
    server = ensure_running(tmp_path)
    yield server
    for number in (signal.SIGCONT, signal.SIGKILL):
        try:
            os.kill(server.pid, number)
        except ProcessLookupError:
            break


async def test_what_is_handed_over_is_an_envelope_that_opens_and_nothing_else(
    broker: str, clock: SteppedClock
) -> None:
    queue = JobQueue(broker, KEY, clock)
    assert await queue.alive()
    await queue.hand(HEAD)
    await queue.close()
    with redis.Redis.from_url(broker) as client:
        [job_id] = client.zrange(default_queue_name, 0, -1)
        job = deserialize(client.get(job_key_prefix.encode() + job_id))
    assert job_id.decode() == f"{HEAD.id}:1"
    assert job["f"] == FUNCTION
    [sealed] = job["a"]
    envelope = unseal(KEY, sealed, clock.now())
    assert (envelope.brand_id, envelope.outbox_id, envelope.tries) == (HEAD.brand_id, HEAD.id, 1)


async def test_the_same_try_handed_twice_is_one_job_and_the_next_try_another(
    broker: str, clock: SteppedClock
) -> None:
    queue = JobQueue(broker, KEY, clock)
    for tries in (1, 1, 2):
        await queue.hand(HEAD._replace(tries=tries))
    await queue.close()
    with redis.Redis.from_url(broker) as client:
        assert client.zcard(default_queue_name) == 2


async def test_a_dead_redis_is_noticed_and_so_is_its_return(
    own_redis: RedisServer, tmp_path: Path, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = JobQueue(own_redis.url, KEY, clock)
    assert await queue.alive()
    os.kill(own_redis.pid, signal.SIGKILL)
    while os.path.exists(f"/proc/{own_redis.pid}/exe"):  # noqa: PTH110 -- a process, not a file
        await asyncio.sleep(0.01)
    assert not await queue.alive()
    with pytest.raises(NotHanded):
        await queue.hand(HEAD)
    again = ensure_running(tmp_path)
    try:
        assert not await queue.alive(), "it rests after a refusal"
        monkeypatch.setattr(queue, "_resting_until", 0.0)
        assert await queue.alive()
        await queue.hand(HEAD)
    finally:
        await queue.close()
        os.kill(again.pid, signal.SIGKILL)


async def test_a_frozen_redis_counts_as_away(
    own_redis: RedisServer, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "PATIENCE", 0.3)
    monkeypatch.setattr(queueing, "REST", 0.0)
    queue = JobQueue(own_redis.url, KEY, clock)
    assert await queue.alive()
    os.kill(own_redis.pid, signal.SIGSTOP)
    assert not await queue.alive()
    with pytest.raises(NotHanded):
        await queue.hand(HEAD)
    os.kill(own_redis.pid, signal.SIGCONT)
    assert await queue.alive()
    await queue.close()
