"""How far a job is: told outside its transaction, and never in its way."""

from __future__ import annotations

from uuid import uuid4

import redis

from portavoce.core.progress import Progress, Step
from portavoce.core.push import KeySpace
from tests.ports import free_port


async def test_what_was_told_last_is_known_to_another_process_and_of_this_brand_only(broker: str) -> None:
    brand, subject = uuid4(), uuid4()
    worker, web = Progress(broker), Progress(broker)
    assert await web.told(brand, subject) is None
    for done in (0, 500):
        await worker.tell(brand, subject, Step("writing", done, 1_000))
    assert await web.told(brand, subject) == Step("writing", 500, 1_000)
    assert await web.told(uuid4(), subject) is None
    with redis.Redis.from_url(broker) as client:
        (key,) = client.keys()
        assert key.decode() == KeySpace.of_brand(brand, f"progress:{subject}")
        assert 0 < client.ttl(key) <= 120
        client.set(key, b"nonsense")
    assert await web.told(brand, subject) is None
    for each in (worker, web):
        await each.close()


async def test_without_redis_nothing_is_known_and_nothing_fails() -> None:
    for progress in (Progress(""), Progress(f"redis://127.0.0.1:{free_port()}")):
        await progress.tell(uuid4(), uuid4(), Step("writing", 1, 2))
        assert await progress.told(uuid4(), uuid4()) is None
        await progress.close()
