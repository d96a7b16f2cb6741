"""A backup made under live mail, restored on a fresh home and database: what was answered 250 is there, nothing leaves
twice, although the old Redis with its jobs is still the one in use.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import msgspec
import psycopg
import pytest

from portavoce.backups.making import make_backup
from portavoce.backups.restoring import restore
from portavoce.core.bootstrap import bootstrap
from portavoce.core.config import Settings
from portavoce.core.storage import Storage
from portavoce.core.walls import APP
from portavoce.kit.clock import SystemClock
from portavoce.wiring import open_database
from tests.backups.conftest import at_home, silent
from tests.cluster import SessionCluster
from tests.database import PASSWORDS, Installation
from tests.depth import scaled
from tests.faults.site import Site
from tests.world import letter

BEFORE, DURING = scaled(4, 100), scaled(2, 40)
STORED = """
    SELECT f.key, f.sha256 FROM pv.mail l JOIN pv.stored_file f ON f.brand_id = l.brand_id AND f.id = l.file_id
     WHERE l.rfc_id = %s
"""


async def flood(site: Site, taken: list[str], stop: asyncio.Event) -> None:
    """Mail after mail; `taken` are the Message-IDs of those answered 250, in order."""
    while not stop.is_set():
        brand = (site.world.aurora, site.world.bosco)[len(taken) % 2]
        name = f"c{len(taken)}"
        raw = letter(
            brand.address, name, sender=f"{name}@customer.example", message_id=f"<{name}@customer.example>"
        )
        assert await site.send(raw, brand) == 250
        taken.append(f"<{name}@customer.example>")


async def until_taken(taken: list[str], number: int) -> None:
    while len(taken) < number:
        await asyncio.sleep(0.02)


@asynccontextmanager
async def elsewhere(site: Site, cluster: SessionCluster) -> AsyncIterator[Site]:
    """The same site on a new home and an empty database."""
    name = "restored_site"
    fresh = Installation(name, cluster.fresh_database(name))
    bootstrap(fresh.superuser_dsn, PASSWORDS, database=name)
    with tempfile.TemporaryDirectory(prefix="portavoce-restored-") as folder:
        at_home(fresh, Path(folder) / "home")
        settings = msgspec.structs.replace(
            site.settings, home=Path(folder) / "home", database_url=fresh.url(APP)
        )
        async with await psycopg.AsyncConnection.connect(fresh.superuser_dsn, autocommit=True) as superuser:
            yield replace(site, installation=fresh, settings=settings, superuser=superuser)
        for process in site.started:
            await site.kill(process)
    cluster.drop_database(name)


def opened(there: Site, settings: Settings) -> Site:
    database = open_database(settings)
    world = replace(there.world, database=database, storage=Storage(settings.files_dir))
    return replace(there, world=world)


@pytest.mark.deep
async def test_a_backup_under_load_restores_every_mail_and_sends_nothing_twice(
    site: Site, cluster: SessionCluster, tmp_path: Path
) -> None:
    world = site.world
    await site.start("engine")
    await site.start("worker")
    sent = await world.answered(world.aurora)
    await site.until(
        lambda: site.count("SELECT count(*) FROM pv.message WHERE id = %s AND state = 'sent'", sent.id)
    )
    await site.settled()
    site.sink.close_gate("dot")
    await world.receive(world.bosco, letter(world.bosco.address))
    open_one = await world.answer(world.bosco, (await world.contacts(world.bosco))[-1].id)

    await site.sink.held_at("dot")

    taken: list[str] = []
    stop = asyncio.Event()
    flooding = asyncio.create_task(flood(site, taken, stop))
    await until_taken(taken, BEFORE)
    before = list(taken)
    made = await asyncio.to_thread(make_backup, site.settings, tmp_path / "made", SystemClock(), silent)
    await until_taken(taken, len(before) + DURING)
    stop.set()
    await flooding
    assert made.unsound == []

    site.sink.open_gate("dot")
    await site.settled()
    left = len(site.sink.mails)
    assert left == 2
    for process in site.started:
        await site.kill(process)

    async with elsewhere(site, cluster) as there:
        said = await asyncio.to_thread(restore, there.settings, tmp_path / "made", silent)
        assert (said.settled.deliveries, said.absent) == (1, 0)
        there = opened(there, there.settings)
        there.accepted = [each for each in site.accepted if each[1] in before or each[1] not in taken]
        try:
            for rfc_id in before:
                [(key, digest)] = await (await there.superuser.execute(STORED, [rfc_id])).fetchall()
                raw = (there.settings.files_dir / key).read_bytes()
                assert (sha256(raw).hexdigest(), rfc_id.encode() in raw) == (digest, True)
            await there.start("engine", stuck=1.0)
            await there.start("worker", stuck=1.0)
            assert await there.send(letter(world.aurora.address, "Dopo"), world.aurora) == 250
            after = await there.world.answered(world.aurora)
            await there.until(
                lambda: there.count(
                    "SELECT count(*) FROM pv.message WHERE id = %s AND state = 'sent'", after.id
                )
            )
            await there.settled()
            assert len(site.sink.mails) == left + 1, "only the new reply has left"
            doubted = await there.world.message(world.bosco, open_one.id)
            assert doubted.state == "uncertain"
            assert await there.faults() == []
        finally:
            await there.world.database.close()
