"""How far a job is, for screens that look while its transaction is still open. In Redis: to lose it costs a bar, no truth."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import NamedTuple
from uuid import UUID

import structlog
from redis.asyncio import Redis

from portavoce.core.push import PATIENCE, SILENCE, TROUBLE, KeySpace

LOG = structlog.get_logger()
KEPT_S = 120
"""A job tells more often than this; what nobody told for so long is no progress."""


class Step(NamedTuple):
    """`name` says what is counted; `done` of `all` are."""

    name: str
    done: int
    all: int


class Progress:
    """Never raises. An empty `url` means there is no Redis, and nothing is known."""

    def __init__(self, url: str) -> None:
        self._redis = (
            Redis.from_url(url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE) if url else None
        )
        self._silent_until = 0.0

    async def tell(self, brand_id: UUID, subject_id: UUID, step: Step) -> None:
        if self._redis is None or not self._answers():
            return
        try:
            told = f"{step.name} {step.done} {step.all}"
            await self._redis.set(_key(brand_id, subject_id), told, ex=KEPT_S)
        except TROUBLE as error:
            self._fall_silent(error)

    async def told(self, brand_id: UUID, subject_id: UUID) -> Step | None:
        """What was told last; None when nothing is known."""
        if self._redis is None or not self._answers():
            return None
        try:
            found = await self._redis.get(_key(brand_id, subject_id))
            name, done, all_ = (found or b"").decode().split(" ")
            return Step(name, int(done), int(all_))
        except ValueError:
            return None
        except TROUBLE as error:
            self._fall_silent(error)
            return None

    def _answers(self) -> bool:
        return asyncio.get_running_loop().time() >= self._silent_until

    def _fall_silent(self, error: Exception) -> None:
        self._silent_until = asyncio.get_running_loop().time() + SILENCE
        LOG.warning("how far a job is was not told: Redis is away", error=type(error).__name__)

    async def close(self) -> None:
        if self._redis is not None:
            with suppress(*TROUBLE):
                await self._redis.aclose()


def _key(brand_id: UUID, subject_id: UUID) -> str:
    return KeySpace.of_brand(brand_id, f"progress:{subject_id}")
