"""SEC-16, SEC-61: somebody else writes into Redis. A real worker runs nothing of it, and the row still leaves once."""

from __future__ import annotations

import asyncio
import os
import pickle
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import redis
from arq.constants import default_queue_name, job_key_prefix, result_key_prefix

from portavoce.channels.email.turns import TOPIC
from portavoce.core import dispatching
from portavoce.core.jobs import seal, serialize
from portavoce.core.queueing import FUNCTION
from portavoce.core.secrets import secret
from tests.faults.site import Site

MEGABYTES = 50


class Gadget:
    """Runs a command when it is unpickled."""

    def __init__(self, witness: Path) -> None:
        self._witness = witness

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch {self._witness}",)


class Row:
    """One answer of Aurora, handed over but taken by nobody: whoever is believed may send it."""

    def __init__(self, site: Site, outbox_id: UUID) -> None:
        self.site, self.id = site, outbox_id
        self.witness = site.settings.home / "witness"
        self.key = secret(site.settings.secrets_dir, "jobs")

    def sealed(self, **changed: Any) -> dict[str, str]:
        parts = {
            "key": self.key, "topic": TOPIC, "brand_id": self.site.world.aurora.id, "outbox_id": self.id,
            "tries": 0, "at": datetime.now(UTC),
        }  # fmt: skip
        return seal(**{**parts, **changed})

    def edited(self, old: object, new: object) -> dict[str, str]:
        """A genuine envelope with another text inside."""
        genuine = self.sealed()
        return {**genuine, "body": genuine["body"].replace(str(old), str(new))}


def call(*args: object, function: object = FUNCTION, tried: object = None, **named: object) -> bytes:
    return serialize({"t": tried, "f": function, "a": args, "k": named, "et": 1})


def forgeries(row: Row) -> Iterator[bytes]:
    """None of these may run. Those with a genuine signature speak of another time, brand, row or try."""
    world, now = row.site.world, datetime.now(UTC)
    yield call(row.sealed(key=b"x" * 32))
    yield call(row.edited(world.aurora.id, world.bosco.id))
    yield call(row.edited('"tries":0', '"tries":-1'))
    yield call(row.sealed(brand_id=world.bosco.id))
    yield call(row.sealed(brand_id=None))
    yield call(row.sealed(outbox_id=uuid4()))
    yield call(row.sealed(tries=7))
    yield call(row.sealed(at=now - timedelta(hours=25)))
    yield call(row.sealed(at=now + timedelta(hours=1)))
    yield call({**row.sealed(), "sig": ""})
    yield call({"body": row.sealed()["body"]})
    yield call({"body": row.sealed()["body"][:40], "sig": row.sealed()["sig"]})
    yield call({"body": "x" * MEGABYTES * 2**20, "sig": "x"})
    yield call()
    yield call(row.sealed(), brand_id=str(world.bosco.id))
    yield call(row.sealed(), function="portavoce.core.delivering.work_on")
    yield call(row.sealed(), function=["work"])
    yield call(row.sealed(), tried="x")
    yield call(row.sealed())[:-9]
    yield b""
    yield b"\xff\xfe"
    yield pickle.dumps({"t": None, "f": FUNCTION, "a": (Gadget(row.witness),), "k": {}, "et": 1})
    yield pickle.dumps(Gadget(row.witness))


async def handed(site: Site) -> Row:
    await site.world.answered(site.world.aurora)
    await site.superuser.execute("UPDATE pv.outbox SET state = 'handed', handed_at = now()")
    found = await (await site.superuser.execute("SELECT id FROM pv.outbox")).fetchone()
    assert found is not None
    return Row(site, found[0])


def plant(client: redis.Redis, forged: bytes, job_id: str) -> None:
    client.set(job_key_prefix + job_id, forged)
    client.zadd(default_queue_name, {job_id: 1})


async def left_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweeper hands the row over again, and it leaves."""
    monkeypatch.setattr(dispatching, "STUCK", timedelta())
    assert await site.hand_over() == 1
    await site.settled()
    assert len(site.sink.mails) == 1
    assert await site.faults() == []


async def test_nothing_that_a_stranger_puts_into_redis_runs(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await handed(site)
    worker = await site.start("worker")
    with redis.Redis.from_url(site.redis.url) as client:
        client.zadd("arq:abort", {f"{row.id}:0": 1, b"\xff": 1})
        client.set(f"{result_key_prefix}{row.id}:0", pickle.dumps(Gadget(row.witness)))
        for number, forged in enumerate(forgeries(row)):
            plant(client, forged, f"forged-{number}")

        async def taken() -> bool:
            return int(client.zcard(default_queue_name)) == 0

        await site.until(taken)
    assert worker.returncode is None
    assert not row.witness.exists()
    assert site.sink.mails == []
    assert await site.count("SELECT count(*) FROM pv.outbox WHERE state = 'handed' AND tries = 0") == 1
    log = (site.settings.home / "worker.log").read_text()
    assert log.count("refused a job") == 9
    assert log.count("deserializing job") >= 6
    await left_once(site, monkeypatch)


async def test_a_genuine_envelope_replayed_before_and_after_leaves_once(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy of what we sealed, due long ago, is worth what the original is worth: one delivery."""
    row = await handed(site)
    worker = await site.start("worker")
    with redis.Redis.from_url(site.redis.url) as client:
        for number in range(5):
            plant(client, call(row.sealed()), f"copy-{number}")
        await site.settled()
        plant(client, call(row.sealed()), "copy-again")
        await site.until(lambda: asyncio.to_thread(lambda: client.zcard(default_queue_name) == 0))
    assert worker.returncode is None
    assert len(site.sink.mails) == 1
    assert await site.faults() == []


@pytest.mark.deep
@pytest.mark.parametrize("poison", ["undecodable id", "queue of another type", "count of another type"])
async def test_a_worker_that_was_killed_by_nonsense_comes_back_and_works(
    site: Site, monkeypatch: pytest.MonkeyPatch, poison: str
) -> None:
    await handed(site)
    worker = await site.start("worker")
    with redis.Redis.from_url(site.redis.url) as client:
        if poison == "undecodable id":
            client.zadd(default_queue_name, {b"\xff": 1})
        elif poison == "queue of another type":
            client.set(default_queue_name, "x")
        else:
            client.set("arq:retry:mine", "x")
            plant(client, call(), "mine")
    await asyncio.wait_for(worker.wait(), 30)
    await site.start("worker")
    await left_once(site, monkeypatch)
