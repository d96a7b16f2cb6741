"""`kill -9` around dispatch and send: each answer leaves once, or is uncertain and left to a person."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from uuid import UUID

import pytest
import redis
from arq.constants import default_queue_name, job_key_prefix

from portavoce.conversations.models import Message
from portavoce.core import dispatching
from portavoce.core.outbox import enqueue_house_mail
from portavoce.core.scope import HOUSE
from tests.depth import scaled
from tests.faults.site import PATIENCE, Site
from tests.world import letter

MANY = scaled(5, deep=200)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the test hands over counts as stuck at once."""
    monkeypatch.setattr(dispatching, "STUCK", timedelta(0))


async def answers(site: Site, number: int) -> list[UUID]:
    """Queued ones of Aurora, from the right mouth."""
    world, made = site.world, []
    for n in range(number):
        await world.receive(world.aurora, letter(world.aurora.address, f"domanda {n}"))
        contact = (await world.contacts(world.aurora))[-1]
        made.append((await world.answer(world.aurora, contact.id)).id)
        await world.close_contact(world.aurora, contact.id)
    return made


async def states(site: Site) -> list[str]:
    return sorted(one.state for one in await site.world.messages(site.world.aurora) if one.direction == "out")


async def message(site: Site, message_id: UUID) -> Message:
    return await site.world.message(site.world.aurora, message_id)


@pytest.mark.deep
async def test_an_engine_killed_between_mark_and_hand_over_is_swept_and_the_mail_leaves_once(
    site: Site,
) -> None:
    [answer] = await answers(site, 1)
    async with site.locked("SELECT 1 FROM pv.outbox WHERE state = 'pending' FOR UPDATE"):
        engine = await site.start("engine")
        await site.someone_waits()
        await site.kill_redis()
    await site.until(lambda: site.count("SELECT count(*) FROM pv.outbox WHERE state = 'handed'"))
    await site.kill(engine)
    await site.start_redis()
    assert site.sink.mails == []
    await site.start("engine", stuck=0.5)
    await site.start("worker")
    await site.settled()
    assert (await message(site, answer)).state == "sent"
    assert len(site.sink.mails) == 1
    assert await site.faults() == []


@pytest.mark.parametrize("stage", ["MAIL", pytest.param("DATA", marks=pytest.mark.deep)])
async def test_a_worker_killed_before_the_dot_leaves_the_mail_to_the_next_one(
    site: Site, hurried: None, stage: str
) -> None:
    [answer] = await answers(site, 1)
    site.sink.close_gate(stage)
    worker = await site.start("worker")
    await site.hand_over()
    await site.sink.held_at(stage)
    if stage == "DATA":
        async with site.locked("SELECT 1 FROM pv.message WHERE id = %s FOR UPDATE", answer):
            site.sink.open_gate(stage)
            await site.someone_waits()
            await site.kill(worker)
    else:
        await site.kill(worker)
        site.sink.open_gate(stage)
    assert (await message(site, answer)).state == "queued"
    await site.start("worker")
    assert await site.hand_over() == 1
    await site.settled()
    assert (await message(site, answer)).state == "sent"
    assert len(site.sink.mails) == 1
    assert await site.faults() == []


@pytest.mark.deep
async def test_a_worker_killed_after_the_dot_leaves_an_uncertain_mail_that_no_machine_sends_again(
    site: Site, hurried: None
) -> None:
    [answer] = await answers(site, 1)
    site.sink.close_gate("dot")
    worker = await site.start("worker")
    await site.hand_over()
    await site.sink.held_at("dot")
    assert (await message(site, answer)).state == "sending"
    await site.kill(worker)
    site.sink.open_gate("dot")
    await site.start("worker")
    assert await site.hand_over() == 1
    await site.settled()
    uncertain = await message(site, answer)
    assert (uncertain.state, uncertain.sent_at) == ("uncertain", None)
    assert await site.hand_over() == 0
    assert len(site.sink.mails) == 1
    assert await site.faults() == []


@pytest.mark.deep
async def test_a_worker_whose_connections_died_while_the_relay_spoke_still_writes_down_what_it_said(
    site: Site, hurried: None
) -> None:
    """Only an end that nobody wrote down is uncertain."""
    [answer] = await answers(site, 1)
    site.sink.close_gate("dot")
    await site.start("worker")
    await site.hand_over()
    await site.sink.held_at("dot")
    await site.superuser.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE usename LIKE 'portavoce_%' AND datname = current_database()"
    )
    site.sink.open_gate("dot")
    await site.until(lambda: site.count("SELECT count(*) FROM pv.message WHERE state = 'sent'"))
    await site.world.database.close()
    assert (await message(site, answer)).state == "sent"
    assert await site.faults() == []


async def test_a_redis_that_forgets_everything_loses_and_doubles_nothing(site: Site, hurried: None) -> None:
    await answers(site, MANY)
    assert await site.hand_over() == MANY
    with redis.Redis.from_url(site.redis.url) as client:
        assert client.zcard(default_queue_name) == MANY
        client.flushall()
    await site.start("worker")
    assert await site.hand_over() == MANY
    await site.settled()
    assert await states(site) == ["sent"] * MANY
    assert len(site.sink.mails) == MANY
    assert await site.faults() == []


@pytest.mark.deep
async def test_a_redis_killed_under_a_delivery_costs_time_and_nothing_else(site: Site) -> None:
    await answers(site, 3)
    site.sink.close_gate("DATA")
    await site.start("engine", stuck=2)
    worker = await site.start("worker")
    await site.sink.held_at("DATA")
    await site.kill_redis()
    site.sink.open_gate("DATA")
    async with asyncio.timeout(PATIENCE):
        await worker.wait()
    assert await site.send(letter(site.world.aurora.address, "intanto"), site.world.aurora) == 250
    await site.start_redis()
    await site.start("worker")
    await site.settled()
    assert set(await states(site)) <= {"sent", "uncertain"}
    assert await site.faults() == []


@pytest.mark.deep
async def test_garbage_in_redis_does_not_stop_the_worker(site: Site, hurried: None) -> None:
    worker = await site.start("worker")
    forged: dict[str, object] = {"t": None, "f": "work", "a": [{"body": "{}", "sig": "è"}], "k": {}, "et": 1}
    with redis.Redis.from_url(site.redis.url) as client:
        for name, job in {
            "noise": b"\x80\x04\x95garbage",
            "empty": b"",
            "list": b"[1, 2]",
            "forged": json.dumps(forged).encode(),
            "arity": json.dumps(forged | {"a": []}).encode(),
            "strange": json.dumps(forged | {"f": "os.system"}).encode(),
        }.items():
            client.set(job_key_prefix + name, job)
            client.zadd(default_queue_name, {name: 1})
        await answers(site, 1)
        await site.hand_over()
        await site.settled()
        await site.until(lambda: _empty(client))
    assert worker.returncode is None
    assert await states(site) == ["sent"]


async def _empty(client: redis.Redis) -> bool:
    return client.zcard(default_queue_name) == 0


@pytest.mark.deep
async def test_an_envelope_played_again_from_redis_sends_nothing_again(site: Site, hurried: None) -> None:
    [_answer] = await answers(site, 1)
    await site.hand_over()
    with redis.Redis.from_url(site.redis.url) as client:
        [job_id] = client.zrange(default_queue_name, 0, -1)
        job = client.get(job_key_prefix.encode() + job_id)
        await site.start("worker")
        await site.settled()
        for copy in range(3):
            client.set(f"{job_key_prefix}copy-{copy}", job)
            client.zadd(default_queue_name, {f"copy-{copy}": 1})
        await site.until(lambda: _empty(client))
    assert len(site.sink.mails) == 1
    assert await site.faults() == []


@pytest.mark.deep
async def test_a_row_that_was_cut_off_at_every_try_ends_failed_before_the_agents_eyes(
    site: Site, hurried: None
) -> None:
    [answer] = await answers(site, 1)
    await site.superuser.execute("UPDATE pv.outbox SET state = 'handed', handed_at = now(), strikes = 5")
    await site.start("worker")
    assert await site.hand_over() == 1
    await site.settled()
    failed = await message(site, answer)
    assert (failed.state, failed.failure) == ("failed", "Tried several times: cut off at every try")
    assert await site.count("SELECT count(*) FROM pv.outbox WHERE state = 'dead'") == 1
    assert site.sink.mails == []


@pytest.mark.deep
async def test_house_mail_and_brand_mail_leave_side_by_side_once_each(site: Site) -> None:
    await answers(site, 2)
    async with site.world.database.begin(HOUSE) as db:
        for n in range(2):
            enqueue_house_mail(db, f"dino{n}@voxa.example", "Invito", "https://care.voxa.example/x")
    await site.start("engine")
    await site.start("worker")
    await site.settled()
    assert len(site.sink.mails) == 4
    assert sorted(one.recipients[0] for one in site.sink.mails) == [
        "dino0@voxa.example",
        "dino1@voxa.example",
        "gina@customer.example",
        "gina@customer.example",
    ]
    assert await site.faults() == []
