"""Hand outbox heads to arq as signed envelopes. Redis may be away: then rows simply wait."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from arq.connections import ArqRedis
from arq.constants import (
    default_queue_name,
    in_progress_key_prefix,
    job_key_prefix,
    result_key_prefix,
    retry_key_prefix,
)
from arq.utils import timestamp_ms
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError, ResponseError

from portavoce.core.dispatching import Head
from portavoce.core.jobs import deserialize, seal, serialize
from portavoce.kit.clock import Clock

FUNCTION = "work"
PATIENCE = 5.0
"""Seconds for one exchange with Redis; a frozen one must not freeze the dispatcher."""
CONNECT = 2.0
PAUSE = 1.0
"""Seconds without another try after Redis did not answer as one does."""
REST = 5.0
"""Seconds without another try after Redis refused: it may answer pings and yet take nothing."""
TROUBLE = (RedisError, OSError, TimeoutError, ValueError)
"""ValueError: what answers is no Redis."""
PREFIXES = (job_key_prefix, result_key_prefix, in_progress_key_prefix, retry_key_prefix)
LONGEST_MS = 60_000
"""No job of ours counts as running for longer."""
HEAD_START = timedelta(minutes=5)
"""Jobs are due as of before now: arq asks the worker's own clock, which may be behind."""
LOG = structlog.get_logger()


class NotHanded(Exception):
    """Redis did not take a job."""


def job_pool(url: str) -> ArqRedis:
    """Connects when it is used first; every exchange ends within PATIENCE, on a silent line too."""
    connections = ConnectionPool.from_url(url, socket_connect_timeout=CONNECT, socket_timeout=PATIENCE)
    return ArqRedis(connections, job_serializer=serialize, job_deserializer=deserialize)


class JobQueue:
    """A lazily opened pool; `alive` tells whether handing over makes sense now."""

    def __init__(self, url: str, key: bytes, clock: Clock) -> None:
        self._url = url
        self._key = key
        self._clock = clock
        self._pool: ArqRedis | None = None
        self._resting_until = 0.0

    async def alive(self) -> bool:
        if asyncio.get_running_loop().time() < self._resting_until:
            return False
        try:
            async with asyncio.timeout(PATIENCE):
                await self._opened().ping()
        except TROUBLE:
            self._rest(PAUSE)
            await self.close()
            return False
        return True

    def _rest(self, seconds: float) -> None:
        self._resting_until = asyncio.get_running_loop().time() + seconds

    async def hand(self, head: Head) -> None:
        """Raises NotHanded; whether it was handed over is not known then, and for REST seconds nothing else is."""
        at = self._clock.now()
        envelope: dict[str, Any] = seal(self._key, head.topic, head.brand_id, head.id, head.tries, at)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._enqueue(f"{head.id}:{head.tries}", envelope)
        except TROUBLE as error:
            self._rest(REST)
            await self.close()
            raise NotHanded(f"{type(error).__name__}: {error}") from error

    async def _enqueue(self, job_id: str, envelope: dict[str, Any]) -> None:
        """One id per try: while Redis still knows it, handing it over again changes nothing."""
        pool = self._opened()
        if await pool.enqueue_job(FUNCTION, envelope, _job_id=job_id, _defer_by=-HEAD_START) is not None:
            return
        if await _blocked(pool, job_id):
            LOG.error("a job was blocked by keys that are not ours", outbox=job_id)
            await pool.delete(*(prefix + job_id for prefix in PREFIXES))
            await pool.enqueue_job(FUNCTION, envelope, _job_id=job_id, _defer_by=-HEAD_START)

    async def close(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            with suppress(*TROUBLE):
                await pool.aclose(close_connection_pool=True)

    def _opened(self) -> ArqRedis:
        if self._pool is None:
            self._pool = job_pool(self._url)
        return self._pool


async def _blocked(pool: ArqRedis, job_id: str) -> bool:
    """Whether a job that Redis claims to know will never run: ours are in the queue, due at once, or under way."""
    score = await pool.zscore(default_queue_name, job_id)
    running_ms = await pool.pttl(in_progress_key_prefix + job_id)
    return score is None or score > timestamp_ms() or running_ms == _FOR_EVER or running_ms > LONGEST_MS


_FOR_EVER = -1


async def discard_nonsense(pool: ArqRedis) -> int:
    """Throw away what would end every worker anew, whoever put it there; returns how much. Rows are handed again."""
    if await pool.type(default_queue_name) not in (b"zset", b"none"):
        LOG.error("the job queue was no queue")
        return int(await pool.delete(default_queue_name))
    found: list[bytes] = [
        each for each in await pool.zrange(default_queue_name, 0, -1) if not await _makes_sense(pool, each)
    ]
    for member in found:
        LOG.error("threw away a job that no worker survives")
        await pool.zrem(default_queue_name, member)
        await pool.delete(*(prefix.encode() + member for prefix in PREFIXES))
    return len(found)


async def _makes_sense(pool: ArqRedis, member: bytes) -> bool:
    try:
        await pool.get(job_key_prefix + member.decode())
        int(await pool.get(retry_key_prefix + member.decode()) or 0)
    except (ValueError, ResponseError):
        return False
    return True
