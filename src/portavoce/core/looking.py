"""Who has a contact open and who types on it: for half a minute, in Redis. Where there is none, nobody is seen."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Literal, NamedTuple
from uuid import UUID

import structlog
from redis.asyncio import Redis

from portavoce.core.push import PATIENCE, SILENCE, TROUBLE, KeySpace
from portavoce.kit.clock import Clock

LOG = structlog.get_logger()
LOOKS_FOR, TYPES_FOR = 30.0, 8.0
"""Seconds a sign of it counts; whoever still does it gives the next one before."""
Doing = Literal["looks", "types"]


class Place(NamedTuple):
    """A contact of a brand."""

    brand_id: UUID
    interaction_id: UUID


class Lookers:
    """Agents by their ids; never raises. An empty `url` means there is no Redis."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._redis = (
            Redis.from_url(url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE) if url else None
        )
        self._clock = clock
        self._silent_until = 0.0

    async def mark(self, signs: Iterable[tuple[Place, UUID]], doing: Doing) -> None:
        """Each (contact, agent) does it now."""
        if self._redis is None or not self._answers():
            return
        now = self._clock.now().timestamp()
        try:
            async with self._redis.pipeline(transaction=False) as pipeline:
                for place, agent_id in signs:
                    pipeline.hset(_key(place), f"{agent_id} {doing}", str(now))
                    pipeline.expire(_key(place), int(LOOKS_FOR))
                await pipeline.execute()
        except TROUBLE as error:
            self._fall_silent(error)

    async def at(self, places: Iterable[Place]) -> Mapping[Place, Mapping[UUID, Doing]]:
        """Who is at each contact; who types does not merely look."""
        asked = list(places)
        if self._redis is None or not asked or not self._answers():
            return {}
        try:
            async with self._redis.pipeline(transaction=False) as pipeline:
                for place in asked:
                    pipeline.hgetall(_key(place))
                answers = await pipeline.execute()
        except TROUBLE as error:
            self._fall_silent(error)
            return {}
        now = self._clock.now().timestamp()
        return {place: _doing(signs, now) for place, signs in zip(asked, answers, strict=True)}

    def _answers(self) -> bool:
        return asyncio.get_running_loop().time() >= self._silent_until

    def _fall_silent(self, error: Exception) -> None:
        """No other try for a moment: whoever saves a draft must not wait for a dead Redis each time."""
        self._silent_until = asyncio.get_running_loop().time() + SILENCE
        LOG.warning("who looks is not known: Redis is away", error=type(error).__name__)

    async def close(self) -> None:
        if self._redis is not None:
            with suppress(*TROUBLE):
                await self._redis.aclose()


def _key(place: Place) -> str:
    return KeySpace.of_brand(place.brand_id, f"looking:{place.interaction_id}")


def _doing(signs: Mapping[bytes, bytes], now: float) -> dict[UUID, Doing]:
    """What is no sign of ours is passed over."""
    found: dict[UUID, Doing] = {}
    for sign, at in signs.items():
        with suppress(ValueError):
            agent, _, doing = sign.decode().partition(" ")
            age = now - float(at)
            if doing == "types" and age <= TYPES_FOR:
                found[UUID(agent)] = "types"
            elif doing == "looks" and age <= LOOKS_FOR:
                found.setdefault(UUID(agent), "looks")
    return found
