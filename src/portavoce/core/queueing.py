"""Hand outbox heads to arq as signed envelopes. Redis may be away: then rows simply wait."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from arq.connections import ArqRedis
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from portavoce.core.dispatching import Head
from portavoce.core.jobs import deserialize, seal, serialize
from portavoce.kit.clock import Clock

FUNCTION = "work"
PATIENCE = 5.0
"""Seconds for one exchange with Redis; a frozen one must not freeze the dispatcher."""
CONNECT = 2.0
REST = 5.0
"""Seconds without another try after Redis refused: it may answer pings and yet take nothing."""
TROUBLE = (RedisError, OSError, TimeoutError, ValueError)
"""ValueError: what answers is no Redis."""


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
            await self.close()
            return False
        return True

    async def hand(self, head: Head) -> None:
        """Raises NotHanded; whether it was handed over is not known then, and for REST seconds nothing else is."""
        at = self._clock.now()
        envelope: dict[str, Any] = seal(self._key, head.topic, head.brand_id, head.id, head.tries, at)
        try:
            async with asyncio.timeout(PATIENCE):
                # One id per try: while Redis still knows it, handing it over again changes nothing.
                await self._opened().enqueue_job(FUNCTION, envelope, _job_id=f"{head.id}:{head.tries}")
        except TROUBLE as error:
            self._resting_until = asyncio.get_running_loop().time() + REST
            await self.close()
            raise NotHanded(f"{type(error).__name__}: {error}") from error

    async def close(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            with suppress(*TROUBLE):
                await pool.aclose(close_connection_pool=True)

    def _opened(self) -> ArqRedis:
        if self._pool is None:
            self._pool = job_pool(self._url)
        return self._pool
