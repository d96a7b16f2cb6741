"""FT-18: without space nothing is promised, nothing is half kept, and with space again all goes on by itself."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import AsyncIterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from portavoce.web.health import run_checks
from portavoce.web.probes import disk_probe
from tests.cluster import SessionCluster
from tests.database import Installation
from tests.faults.disks import limited, small_disk
from tests.faults.site import Site, running_site
from tests.world import letter

EVENTS = "SELECT count(*) FROM pv.inbound_event"
REFUSED = {451, 452}
DICE = random.Random(18)


def with_attachment(to: str, octets: int) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "Gina Verdi <gina@customer.example>", to, "Con allegato"
    mail["Message-ID"] = f"<{os.urandom(8).hex()}@customer.example>"
    mail["Date"] = "Mon, 02 Mar 2026 12:00:00 +0000"
    mail.set_content("In allegato.")
    mail.add_attachment(DICE.randbytes(octets), maintype="image", subtype="png", filename="foto.png")
    return mail.as_bytes()


async def kept(site: Site) -> bool:
    """Every row's file is there, whole."""
    rows = await (await site.superuser.execute("SELECT key, size FROM pv.stored_file")).fetchall()
    return all((site.settings.files_dir / key).stat().st_size == size for key, size in rows)


@pytest.mark.deep
async def test_files_without_space_are_451_without_a_row_and_the_next_mail_is_taken_when_there_is_space(
    site: Site,
) -> None:
    aurora, folder = site.world.aurora, site.settings.files_dir
    folder.mkdir(parents=True, exist_ok=True)
    with small_disk(folder) as mounted:
        engine = await site.start("engine")
        disk = mounted or limited(engine.pid, folder)
        assert await site.send(with_attachment(aurora.address, 50_000), aurora) == 250
        # The mail itself finds room, its attachment beside it does not.
        answers = [await site.send(with_attachment(aurora.address, 200_000), aurora) for _ in range(6)]
        disk.fill()
        answers += [await site.send(letter(aurora.address, "x" * 9_000), aurora) for _ in range(2)]
        assert set(answers) <= {250, *REFUSED}
        assert answers[-1] in REFUSED
        assert await site.count(EVENTS) == 1 + answers.count(250)
        assert await site.count("SELECT count(*) FROM pv.message") == 1 + answers.count(250)
        assert await kept(site)
        assert await run_checks({"disk": disk_probe(folder, 100_000)}) == {
            "disk": "failed" if mounted else "ok"
        }
        disk.free()
        assert await site.send(letter(aurora.address, "di nuovo"), aurora) == 250
        assert await run_checks({"disk": disk_probe(folder, 1)}) == {"disk": "ok"}
        assert engine.returncode is None
        assert await kept(site)
        assert await site.faults() == []


@pytest.mark.deep
async def test_logs_without_space_stop_nothing(site: Site, tmp_path: Path) -> None:
    """Every refusal and every failed round is logged: none of it may end a loop or change an answer."""
    aurora = site.world.aurora
    with small_disk(tmp_path) as disk:
        site.logs = tmp_path if disk else site.logs
        engine = await site.start("engine")
        (disk or limited(engine.pid, tmp_path)).fill()
        async with site.locked("SELECT 1 FROM pv.brand_head WHERE brand_id = %s FOR UPDATE", aurora.id):
            await site.superuser.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE usename LIKE 'portavoce_%%' AND datname = current_database()",
                [],
            )
        answers = [await site.send(letter(aurora.address, f"mail {n}"), aurora) for n in range(4)]
        assert answers[-1] == 250
        await site.kill_redis()
        assert await site.send(letter(aurora.address, "intanto"), aurora) == 250
        beat = (
            "SELECT count(*) FROM pv.heartbeat WHERE process = 'engine' AND at > now() - interval '1 second'"
        )
        await site.until(lambda: site.count(beat))
        assert engine.returncode is None
        await site.world.database.close()
        assert await site.count(EVENTS) == 1 + answers.count(250)


def owner_of(server: psycopg.Connection[Any]) -> int:
    """The account that PostgreSQL runs as."""
    [folder] = server.execute("SHOW data_directory").fetchone() or [""]
    return Path(folder).stat().st_uid


@pytest_asyncio.fixture
async def cramped(
    empty_database: Installation, cluster: SessionCluster
) -> AsyncIterator[tuple[Site, object]]:
    """A site whose database lies on a disk of its own, of 40 MB; or behind a trigger that says so.

    PostgreSQL must reach it: pytest's own folders are private, and made so again by whoever starts pytest meanwhile.
    """
    home = Path(tempfile.mkdtemp(prefix="portavoce-cramped-"))
    home.chmod(0o755)
    place = home / "tablespace"
    place.mkdir()
    name = sql.Identifier(f"cramped_{os.getpid()}")
    with (
        psycopg.connect(cluster.superuser_dsn, autocommit=True) as server,
        small_disk(place, size="40m", owner=owner_of(server)) as disk,
    ):
        if disk:
            server.execute(sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(name, sql.Literal(str(place))))
            database = sql.Identifier(empty_database.name)
            server.execute(sql.SQL("ALTER DATABASE {} SET TABLESPACE {}").format(database, name))
        try:
            async with running_site(empty_database, home) as site:
                yield site, disk
        finally:
            if disk:
                disk.free()
                cluster.drop_database(empty_database.name)
                server.execute(sql.SQL("DROP TABLESPACE {}").format(name))
    shutil.rmtree(home, ignore_errors=True)


FULL = """
    CREATE FUNCTION pv.full_disk() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON pv.inbound_event EXECUTE FUNCTION pv.full_disk()
"""


async def test_postgresql_without_space_is_451_without_a_row_and_recovers_by_itself(
    cramped: tuple[Site, object],
) -> None:
    site, disk = cramped
    aurora = site.world.aurora
    engine = await site.start("engine")
    assert await site.send(letter(aurora.address), aurora) == 250
    if disk:
        disk.fill()  # type: ignore[attr-defined]  # -- a SmallDisk
    else:
        await site.superuser.execute(FULL)
    answers = [
        await site.send(letter(aurora.address, DICE.randbytes(90_000).hex()), aurora) for _ in range(4)
    ]
    assert set(answers) <= {250, *REFUSED}
    assert answers[-1] in REFUSED
    assert await site.count(EVENTS) == 1 + answers.count(250)
    if disk:
        disk.free()  # type: ignore[attr-defined]  # -- a SmallDisk
    else:
        await site.superuser.execute("DROP FUNCTION pv.full_disk() CASCADE")
    assert await site.send(letter(aurora.address, DICE.randbytes(90_000).hex()), aurora) == 250
    assert engine.returncode is None
    assert await site.faults() == []
