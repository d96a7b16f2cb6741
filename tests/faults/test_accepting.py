"""`kill -9` around accept: what was answered 250 is there once, what was not is there at most once."""

from __future__ import annotations

import asyncio

import pytest

from tests.faults.site import Site
from tests.world import letter

EVENTS = "SELECT count(*) FROM pv.inbound_event"
WAITING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
HEAD = "SELECT 1 FROM pv.brand_head WHERE brand_id = %s FOR UPDATE"


def files(site: Site) -> int:
    return sum(path.is_file() for path in site.settings.files_dir.rglob("*"))


@pytest.mark.deep
async def test_killed_before_the_commit_nothing_was_said_and_the_next_try_stores_it_once(site: Site) -> None:
    aurora = site.world.aurora
    raw = letter(aurora.address)
    engine = await site.start("engine")
    async with site.locked(HEAD, aurora.id):
        answer = asyncio.create_task(site.send(raw, aurora))
        await site.someone_waits()
        assert files(site) == 1
        await site.kill(engine)
        assert await answer == 0
    assert await site.count(EVENTS) == 0
    await site.start("engine")
    assert [await site.send(raw, aurora), await site.send(raw, aurora)] == [250, 250]
    assert await site.count(EVENTS) == 1
    assert len(await site.world.messages(aurora)) == 1
    assert await site.faults() == []


async def test_killed_between_the_commit_and_the_250_the_next_try_stores_nothing_twice(site: Site) -> None:
    """Of two brands the first is committed when the second is held up: half of the mail, and no 250."""
    aurora, bosco = site.world.aurora, site.world.bosco
    raw = letter(f"{aurora.address}, {bosco.address}")
    engine = await site.start("engine")
    async with site.locked(HEAD, bosco.id):
        answer = asyncio.create_task(site.send(raw, aurora, bosco))
        await site.until(lambda: site.count(EVENTS))
        await site.someone_waits()
        await site.kill(engine)
        assert await answer == 0
    assert (len(await site.world.messages(aurora)), len(await site.world.messages(bosco))) == (1, 0)
    await site.start("engine")
    assert await site.send(raw, aurora, bosco) == 250
    assert (len(await site.world.messages(aurora)), len(await site.world.messages(bosco))) == (1, 1)
    assert await site.faults() == []


async def test_a_database_backend_killed_in_mid_accept_is_451_and_the_next_try_is_taken(site: Site) -> None:
    aurora = site.world.aurora
    raw = letter(aurora.address)
    await site.start("engine")
    async with site.locked(HEAD, aurora.id):
        answer = asyncio.create_task(site.send(raw, aurora))
        await site.someone_waits()
        [pid] = await (await site.superuser.execute(WAITING)).fetchone() or [0]
        await site.superuser.execute("SELECT pg_terminate_backend(%s)", [pid])
        assert await answer == 451
    assert await site.send(raw, aurora) == 250
    assert await site.count(EVENTS) == 1
    assert await site.faults() == []


@pytest.mark.deep
async def test_when_every_backend_dies_the_pool_heals_by_itself(site: Site) -> None:
    aurora = site.world.aurora
    await site.start("engine")
    assert await site.send(letter(aurora.address), aurora) == 250
    await site.superuser.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE usename LIKE 'portavoce_%%' AND datname = current_database()",
        [],
    )
    raw = letter(aurora.address, "Dopo")
    answers = [await site.send(raw, aurora)]
    while answers[-1] != 250:
        answers.append(await site.send(raw, aurora))
    assert set(answers[:-1]) <= {0, 451}
    assert len(answers) <= 4
    await site.world.database.close()
    assert await site.count(EVENTS) == 2
