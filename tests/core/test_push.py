"""Pokes over Redis, and over its absence."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from portavoce.core import push
from portavoce.core.embedded import redis as embedded
from portavoce.core.embedded.redis import RedisServer
from portavoce.core.embedded.removal import remove_data
from portavoce.core.push import KeySpace, Publisher, Resync, Subscriber, decode, encode
from portavoce.core.unit import Poke
from tests.fakes.tcp_proxy import proxy_to

BRAND, SUBJECT = uuid4(), uuid4()
PATIENCE = 20


@pytest.fixture
def redis_home() -> Iterator[Path]:
    """A folder that any account may enter; pytest's own are private to us."""
    with tempfile.TemporaryDirectory(prefix="portavoce-") as parent:
        Path(parent).chmod(0o755)
        home = Path(parent) / "home"
        yield home
        remove_data(home)


@pytest.fixture
def server(redis_home: Path) -> Iterator[RedisServer]:
    server = embedded.ensure_running(redis_home)
    yield server
    if embedded.is_alive(redis_home):
        embedded.stop(embedded.ensure_running(redis_home))


async def heard(signals: AsyncGenerator[Poke | Resync, None]) -> Poke | Resync:
    return await asyncio.wait_for(anext(signals), PATIENCE)


def test_keys_name_their_brand_or_the_provider() -> None:
    assert KeySpace.of_brand(BRAND, "poke") == f"b:{BRAND}:poke"
    assert KeySpace.of_brand(None, "poke") == "p:poke"
    assert KeySpace.brand_in(f"b:{BRAND}:poke") == BRAND
    assert KeySpace.brand_in("p:poke") is None


@pytest.mark.parametrize("brand", [BRAND, None])
def test_a_poke_survives_the_journey_and_carries_ids_only(brand: UUID | None) -> None:
    poke = Poke("queue", brand, SUBJECT)
    channel, message = encode(poke)
    assert decode(channel, message) == poke
    assert message == f'{{"view": "queue", "id": "{SUBJECT}"}}'


@pytest.mark.parametrize("message", ["", "[]", "{}", '{"view": "queue", "id": "x"}', "1"])
def test_a_foreign_message_is_no_poke(message: str) -> None:
    assert decode("p:poke", message) is None


async def test_what_is_published_is_heard_by_every_subscriber(server: RedisServer) -> None:
    publisher, pokes = Publisher(server.url), [Poke("queue", BRAND, SUBJECT), Poke("person", None, SUBJECT)]
    listeners = [Subscriber(server.url), Subscriber(server.url)]
    streams = [listener.subscribe() for listener in listeners]
    assert [await heard(stream) for stream in streams] == [Resync(), Resync()]
    assert all(listener.connected for listener in listeners)
    await publisher.publish([*pokes, pokes[0]])
    for stream in streams:
        assert [await heard(stream), await heard(stream)] == pokes
        await stream.aclose()
    await publisher.close()


async def test_foreign_messages_are_passed_over(server: RedisServer) -> None:
    stream = Subscriber(server.url).subscribe()
    assert await heard(stream) == Resync()
    async with Redis.from_url(server.url) as stranger:
        await stranger.publish("p:poke", "gibberish")
        await stranger.publish(*encode(Poke("queue", BRAND, SUBJECT)))
    assert await heard(stream) == Poke("queue", BRAND, SUBJECT)
    await stream.aclose()


async def test_after_redis_came_back_everything_is_to_be_read_again(
    server: RedisServer, redis_home: Path
) -> None:
    listener = Subscriber(server.url)
    stream = listener.subscribe()
    assert await heard(stream) == Resync()
    waiting = asyncio.ensure_future(heard(stream))
    await asyncio.to_thread(embedded.stop, server)
    while listener.connected:
        await asyncio.sleep(0.02)
    again = await asyncio.to_thread(embedded.ensure_running, redis_home)
    assert await waiting == Resync()
    publisher = Publisher(again.url)
    await publisher.publish([Poke("queue", BRAND, SUBJECT)])
    assert await heard(stream) == Poke("queue", BRAND, SUBJECT)
    await publisher.close()
    await stream.aclose()


async def test_a_line_that_falls_silent_counts_as_away_and_its_return_is_noticed(
    server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half-open: nothing breaks, nothing comes."""
    monkeypatch.setattr(push, "CHECK_EVERY", 0.3)
    proxy = await proxy_to(str(server.socket))
    password = server.password_file.read_text()
    listener = Subscriber(f"redis://:{password}@127.0.0.1:{proxy.port}/0")
    stream = listener.subscribe()
    assert await heard(stream) == Resync()
    waiting = asyncio.ensure_future(heard(stream))
    await asyncio.sleep(1)
    assert listener.connected, "silence alone is no trouble: there was nothing to say"
    await proxy.turn("silent")
    async with asyncio.timeout(30):
        while listener.connected:
            await asyncio.sleep(0.02)
    await proxy.turn("open")
    assert await waiting == Resync()
    await stream.aclose()
    await proxy.close()


async def test_a_commit_never_fails_for_want_of_redis(tmp_path: Path) -> None:
    near: list[Poke] = []
    publisher = Publisher(f"unix://{tmp_path}/nobody.sock", nearby=near.extend)
    for _ in range(2):
        await publisher.publish([Poke("queue", BRAND, SUBJECT)])
    await publisher.close()
    assert near == [Poke("queue", BRAND, SUBJECT)] * 2


async def test_where_there_is_no_redis_nothing_is_heard_and_nothing_fails() -> None:
    near: list[Poke] = []
    publisher, listener = Publisher("", nearby=near.extend), Subscriber("")
    await publisher.publish([Poke("queue", BRAND, SUBJECT)])
    await publisher.close()
    await listener.close()
    assert len(near) == 1
    assert not listener.connected
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(listener.subscribe()), 0.05)
