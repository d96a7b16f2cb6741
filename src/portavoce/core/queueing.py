"""Hand outbox heads to arq as signed envelopes. Redis may be away: then rows simply wait."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from arq.connections import ArqRedis, RedisSettings, create_pool
from redis.exceptions import RedisError

from portavoce.core.dispatching import Head
from portavoce.core.jobs import deserialize, seal, serialize
from portavoce.kit.clock import Clock

FUNCTION = "work"
PATIENCE = 5.0
"""Seconds for one exchange with Redis; a frozen one must not freeze the dispatcher."""
TROUBLE = (RedisError, OSError, TimeoutError)


def redis_settings(url: str) -> RedisSettings:
    settings = RedisSettings.from_dsn(url)
    settings.conn_retries = 0
    settings.conn_timeout = 2
    return settings


class JobQueue:
    """A lazily opened pool; `alive` tells whether handing over makes sense now."""

    def __init__(self, url: str, key: bytes, clock: Clock) -> None:
        self._url = url
        self._key = key
        self._clock = clock
        self._pool: ArqRedis | None = None

    async def alive(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                await (await self._opened()).ping()
        except TROUBLE:
            await self.close()
            return False
        return True

    async def hand(self, head: Head) -> None:
        """Raises RedisError, OSError or TimeoutError; whether it was handed over is not known then."""
        at = self._clock.now()
        envelope: dict[str, Any] = seal(self._key, head.topic, head.brand_id, head.id, head.tries, at)
        async with asyncio.timeout(PATIENCE):
            # One id per try: while Redis still knows it, handing it over again changes nothing.
            await (await self._opened()).enqueue_job(FUNCTION, envelope, _job_id=f"{head.id}:{head.tries}")

    async def close(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            with suppress(*TROUBLE):
                await pool.aclose()

    async def _opened(self) -> ArqRedis:
        if self._pool is None:
            self._pool = await create_pool(
                redis_settings(self._url), job_serializer=serialize, job_deserializer=deserialize
            )
        return self._pool
