"""FT-22: a job that can never succeed is tried five times, then is a dead row with a reason; what follows passes by."""

from __future__ import annotations

import asyncio
import json
from uuid import UUID, uuid4

import pytest
import redis
from arq.constants import default_queue_name, job_key_prefix

from portavoce.core.delivering import STRIKES
from portavoce.core.jobs import seal
from portavoce.core.secrets import secret
from portavoce.kit.clock import SystemClock
from tests.faults.site import PATIENCE, Site
from tests.faults.test_sending import answers, states

ENQUEUE = """
    INSERT INTO pv.outbox (brand_id, id, topic, ref_id, state, run_at, tries, created_at)
    VALUES (%s, %s, %s, %s, 'pending', now() - interval '1 minute', 0, now() - interval '1 minute')
"""
ROW = "SELECT state, tries, last_error FROM pv.outbox WHERE id = %s"
DEAD = "SELECT count(*) FROM pv.outbox WHERE state = 'dead'"
TOPIC = "email"


async def poison(site: Site, topic: str, ref_id: UUID) -> UUID:
    row = uuid4()
    await site.superuser.execute(ENQUEUE, [site.world.aurora.id, row, topic, ref_id])
    return row


async def topic_of_mail(site: Site) -> str:
    [topic] = await (await site.superuser.execute("SELECT topic FROM pv.outbox LIMIT 1")).fetchone() or [
        TOPIC
    ]
    return str(topic)


async def test_poison_ends_dead_after_five_tries_with_a_reason_and_the_queue_behind_it_moves_on(
    site: Site,
) -> None:
    before = await answers(site, 1)
    rows = [
        await poison(
            site, await topic_of_mail(site), uuid4()
        ),  # its handler finds nothing and raises, always
        await poison(site, "no.such.topic", uuid4()),
    ]
    gone = uuid4()
    key, at = secret(site.settings.secrets_dir, "jobs"), SystemClock().now()
    undecodable = {"body": "{", "sig": "0"}
    await site.start("engine", stuck=4)
    with redis.Redis.from_url(site.redis.url) as client:
        sealed = [
            seal(key, TOPIC, gone, uuid4(), 0, at),
            undecodable,
        ]  # a brand that is gone; no payload at all
        for number, body in enumerate(sealed):
            job: dict[str, object] = {"t": None, "f": "work", "a": [body], "k": {}, "et": 1}
            client.set(f"{job_key_prefix}poison-{number}", json.dumps(job))
            client.zadd(default_queue_name, {f"poison-{number}": 1})
    worker = await site.start("worker", stuck=4)
    after = await answers(site, 3)
    await site.settled()
    assert await states(site) == ["sent"] * (len(before) + len(after))
    for row in rows:
        state, tries, why = await (await site.superuser.execute(ROW, [row])).fetchone() or [None] * 3
        assert (state, tries) == ("dead", STRIKES)
        assert why
    assert worker.returncode is None
    assert await site.count(DEAD) == len(rows)
    assert await site.faults() == []


@pytest.mark.deep
async def test_a_job_that_kills_its_worker_at_every_try_is_dead_after_five_and_the_others_leave(
    site: Site,
) -> None:
    [deadly] = await answers(site, 1)
    site.environments["worker"] = {"TEST_DEADLY": str(deadly)}
    await site.start("engine", stuck=3)
    for _ in range(STRIKES):
        worker = await site.start("worker", stuck=3)
        async with asyncio.timeout(PATIENCE):
            await worker.wait()
    others = await answers(site, 2)
    await site.start("worker", stuck=3)
    await site.settled()
    assert await states(site) == ["failed", *["sent"] * len(others)]
    assert await site.count(DEAD) == 1
    assert await site.faults() == []
