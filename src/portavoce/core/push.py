"""Pokes between processes over Redis: ids only, never content. Losing some costs a re-read, never a truth."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from portavoce.core.unit import Poke

LOG = structlog.get_logger()
PATIENCE = 0.5
"""Seconds a commit may wait for Redis."""
SILENCE = 1.0
"""Seconds without another try after Redis failed, so that a dead one does not slow every commit."""
RETRY = 0.5
JOIN = 3.0
CHECK_EVERY = 5
TROUBLE = (RedisError, OSError, TimeoutError, ValueError)
"""ValueError: what answers is no Redis."""


class KeySpace:
    """Every key and channel of ours: `b:{brand}:…` for a brand, `p:…` for the provider."""

    EVERY_BRAND = "b:*"

    @staticmethod
    def of_brand(brand_id: UUID | None, name: str) -> str:
        return f"p:{name}" if brand_id is None else f"b:{brand_id}:{name}"

    @staticmethod
    def brand_in(key: str) -> UUID | None:
        owner, _, rest = key.partition(":")
        return UUID(rest.partition(":")[0]) if owner == "b" else None


@dataclass(frozen=True, slots=True)
class Resync:
    """Pokes may have been missed: everything shown must be read again."""


def encode(poke: Poke) -> tuple[str, str]:
    """Channel and message."""
    return KeySpace.of_brand(poke.brand_id, "poke"), json.dumps({"view": poke.view, "id": str(poke.id)})


def decode(channel: str, message: str) -> Poke | None:
    """None for what is no poke of ours."""
    try:
        body = json.loads(message)
        return Poke(str(body["view"]), KeySpace.brand_in(channel), UUID(body["id"]))
    except (ValueError, KeyError, TypeError):
        LOG.warning("ignored a foreign message", channel=channel)
        return None


class Publisher:
    """Sends pokes after commit; `publish` is the `Database.publish` of a process. Never raises.

    `nearby` gets them first without Redis: the hub of the same process. An empty `url` means there is no Redis.
    """

    def __init__(self, url: str, *, nearby: Callable[[Sequence[Poke]], None] | None = None) -> None:
        self._redis = _connect(url, socket_timeout=PATIENCE)
        self._nearby = nearby
        self._silent_until = 0.0

    async def publish(self, pokes: Sequence[Poke]) -> None:
        if self._nearby is not None:
            self._nearby(pokes)
        now = asyncio.get_running_loop().time()
        if self._redis is None or now < self._silent_until:
            return
        try:
            async with self._redis.pipeline(transaction=False) as pipeline:
                for poke in dict.fromkeys(pokes):
                    pipeline.publish(*encode(poke))
                await pipeline.execute()
        except TROUBLE as error:
            self._silent_until = now + SILENCE
            LOG.warning("pokes lost: Redis is away", pokes=len(pokes), error=type(error).__name__)

    async def close(self) -> None:
        if self._redis is not None:
            with suppress(*TROUBLE):
                await self._redis.aclose()


class Subscriber:
    """Listens to every brand's pokes; `connected` is false while Redis is away, always so without a `url`."""

    def __init__(self, url: str) -> None:
        self._redis = _connect(url, decode_responses=True)
        self.connected = False

    async def subscribe(self) -> AsyncGenerator[Poke | Resync, None]:
        """Never ends by itself. Begins with Resync, and again with one whenever Redis came back."""
        if self._redis is None:
            await asyncio.Event().wait()
            return
        try:
            while True:
                async with self._redis.pubsub() as channels:
                    try:
                        await self._join(channels)
                        yield Resync()
                        async for poke in _heard(channels):
                            yield poke
                    except TROUBLE as error:
                        if self.connected:
                            LOG.warning("Redis went away", error=type(error).__name__)
                    finally:
                        self.connected = False
                await asyncio.sleep(RETRY)
        finally:
            await self.close()

    async def _join(self, channels: PubSub) -> None:
        """TimeoutError unless Redis confirms: a line may take everything and answer nothing."""
        async with asyncio.timeout(JOIN):
            await channels.psubscribe(KeySpace.of_brand(None, "poke"), f"{KeySpace.EVERY_BRAND}:poke")
            for _confirmation in range(2):
                while await channels.get_message(timeout=PATIENCE) is None:
                    pass
        self.connected = True

    async def close(self) -> None:
        if self._redis is not None:
            with suppress(*TROUBLE):
                await self._redis.aclose()


def _connect(url: str, **options: Any) -> Redis | None:
    return Redis.from_url(url, socket_connect_timeout=PATIENCE, **options) if url else None


async def _heard(channels: PubSub) -> AsyncIterator[Poke]:
    """Raises TimeoutError when a ping stays without any answer: the line may have died without a word."""
    asked = False
    while True:
        message = await channels.get_message(timeout=CHECK_EVERY)
        if message is None:
            if asked:
                raise TimeoutError("Redis fell silent")
            await channels.ping()
        elif message["type"] == "pmessage" and (poke := decode(message["channel"], message["data"])):
            yield poke
        asked = message is None
