"""Signs of who is at a contact, in a real Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from portavoce.core.looking import LOOKS_FOR, TYPES_FOR, Lookers, Place
from portavoce.core.push import KeySpace
from portavoce.kit.clock import SteppedClock

ANNA, BRUNO = uuid4(), uuid4()


@pytest.fixture
def place() -> Place:
    return Place(uuid4(), uuid4())


@pytest_asyncio.fixture
async def lookers(broker: str, clock: SteppedClock) -> AsyncIterator[Lookers]:
    made = Lookers(broker, clock)
    yield made
    await made.close()


async def test_whoever_said_so_is_seen_and_who_types_does_not_merely_look(
    lookers: Lookers, place: Place
) -> None:
    other = Place(place.brand_id, uuid4())
    await lookers.mark([(place, ANNA), (place, BRUNO), (other, ANNA)], "looks")
    await lookers.mark([(place, BRUNO)], "types")
    found = await lookers.at([place, other])
    assert found == {place: {ANNA: "looks", BRUNO: "types"}, other: {ANNA: "looks"}}


async def test_a_sign_counts_for_a_while(lookers: Lookers, place: Place, clock: SteppedClock) -> None:
    await lookers.mark([(place, ANNA)], "looks")
    await lookers.mark([(place, ANNA)], "types")
    clock.advance(timedelta(seconds=TYPES_FOR + 1))
    assert await lookers.at([place]) == {place: {ANNA: "looks"}}
    clock.advance(timedelta(seconds=LOOKS_FOR))
    assert await lookers.at([place]) == {place: {}}


async def test_its_key_names_the_brand_and_goes_by_itself(
    lookers: Lookers, place: Place, broker: str
) -> None:
    await lookers.mark([(place, ANNA)], "looks")
    key = KeySpace.of_brand(place.brand_id, f"looking:{place.interaction_id}")
    redis = Redis.from_url(broker)
    assert 0 < await redis.ttl(key) <= LOOKS_FOR
    await redis.hset(key, mapping={"nonsense": "x", f"{BRUNO} looks": "soon"})
    await redis.aclose()
    assert await lookers.at([place]) == {place: {ANNA: "looks"}}


@pytest.mark.parametrize("url", ["", "unix:///nowhere/redis.sock"])
async def test_without_redis_nobody_is_seen_and_nothing_breaks(
    url: str, clock: SteppedClock, place: Place
) -> None:
    lookers = Lookers(url, clock)
    await lookers.mark([(place, ANNA)], "looks")
    assert await lookers.at([place]) == {}
    await lookers.close()


async def test_after_a_failure_nobody_waits_for_redis_again_at_once(
    clock: SteppedClock, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    lookers, tries = Lookers("unix:///nowhere/redis.sock", clock), 0
    original = Redis.pipeline

    def counted(self: Redis, *args: Any, **options: Any) -> Any:
        nonlocal tries
        tries += 1
        return original(self, *args, **options)

    monkeypatch.setattr(Redis, "pipeline", counted)
    for _ in range(3):
        await lookers.mark([(place, ANNA)], "types")
        await lookers.at([place])
    assert tries == 1
    await lookers.close()
