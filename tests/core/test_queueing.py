"""Heads go to Redis as signed envelopes; a Redis that is away or frozen stops nobody."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import redis
from arq.constants import (
    default_queue_name,
    in_progress_key_prefix,
    job_key_prefix,
    result_key_prefix,
    retry_key_prefix,
)
from arq.utils import timestamp_ms

from portavoce.core import queueing
from portavoce.core.dispatching import Head
from portavoce.core.embedded.redis import RedisServer, ensure_running
from portavoce.core.jobs import deserialize, unseal
from portavoce.core.queueing import FUNCTION, HEAD_START, JobQueue, NotHanded, discard_nonsense
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
        due_ms = client.zscore(default_queue_name, job_id)
    assert job_id.decode() == f"{HEAD.id}:1"
    assert job["f"] == FUNCTION
    assert due_ms <= timestamp_ms() - HEAD_START / timedelta(milliseconds=1)
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


SQUATTED: dict[str, Callable[[redis.Redis, str], object]] = {
    "a result": lambda client, job: client.set(result_key_prefix + job, "x"),
    "a job that is not in the queue": lambda client, job: client.set(job_key_prefix + job, "x"),
    "a job of the far future": lambda client, job: client.zadd(default_queue_name, {job: 9e15}),
    "a job that runs for ever": lambda client, job: client.set(in_progress_key_prefix + job, "1"),
}


@pytest.mark.parametrize("squatted", SQUATTED)
async def test_keys_of_a_stranger_block_a_row_no_longer_than_till_it_is_handed_again(
    broker: str, clock: SteppedClock, squatted: str
) -> None:
    queue, job_id = JobQueue(broker, KEY, clock), f"{HEAD.id}:1"
    with redis.Redis.from_url(broker) as client:
        if squatted == "a job of the far future":
            await queue.hand(HEAD)
        SQUATTED[squatted](client, job_id)
        for _ in range(2):
            await queue.hand(HEAD)
        await queue.close()
        score = client.zscore(default_queue_name, job_id)
        assert score is not None
        assert score < 9e15
        assert unseal(KEY, deserialize(client.get(job_key_prefix + job_id))["a"][0], clock.now())
        assert not client.exists(in_progress_key_prefix + job_id)


async def test_what_no_worker_survives_is_thrown_away_and_the_rest_stays(
    broker: str, clock: SteppedClock
) -> None:
    queue = JobQueue(broker, KEY, clock)
    await queue.hand(HEAD)
    pool = await queue._opened()
    with redis.Redis.from_url(broker) as client:
        client.zadd(default_queue_name, {b"\xff": 1, "wrong type": 1, "wrong count": 1})
        client.lpush(job_key_prefix + "wrong type", "x")
        client.set(retry_key_prefix + "wrong count", "x")
        thrown = [await discard_nonsense(pool)]
        left = client.zrange(default_queue_name, 0, -1)
        client.set(default_queue_name, "x")
        thrown += [await discard_nonsense(pool), await discard_nonsense(pool)]
    await queue.close()
    assert (thrown, left) == ([3, 1, 0], [f"{HEAD.id}:1".encode()])
