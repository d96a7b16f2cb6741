"""PostgreSQL dies, is full, is locked or takes no changes: callers hear "later", nothing is half done, all heals."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from portavoce.core.embedded import postgres
from tests.database import Installation, installed
from tests.fakes.tcp_proxy import Stop
from tests.faults.agent import Agent, at_the_desk, url
from tests.faults.site import Site, running_site
from tests.world import WorldBrand, letter

HEAD = "SELECT 1 FROM pv.brand_head WHERE brand_id = %s FOR UPDATE"
OUT = "SELECT count(*) FROM pv.message WHERE direction = 'out'"
OURS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE usename LIKE 'portavoce_%' AND datname = current_database()"
)


async def contact_of(site: Site, brand: WorldBrand) -> UUID:
    await site.world.receive(brand, letter(brand.address))
    return (await site.world.contacts(brand))[-1].id


async def taken(site: Site, anna: Agent) -> tuple[UUID, dict[str, str]]:
    aurora = site.world.aurora
    contact = await contact_of(site, aurora)
    assert await anna.claim(aurora, contact) == 303
    form = await anna.composer(aurora, contact)
    assert form is not None
    return contact, form


async def answer_of(anna: Agent, path: str) -> tuple[int, str | None]:
    page = await anna.get(path)
    assert page is not None
    return page.status_code, page.headers.get("Retry-After")


async def test_when_every_backend_dies_people_are_told_later_and_the_pool_heals(site: Site) -> None:
    aurora = site.world.aurora
    async with at_the_desk(site, site.world.anna) as anna:
        contact, form = await taken(site, anna)
        async with site.locked(HEAD, aurora.id):
            answer = asyncio.create_task(
                anna.post(f"{url(aurora, contact)}/messages", {**form, "text": "Uno"})
            )
            await site.someone_waits()
            await site.superuser.execute(OURS)
            told = await answer
        assert told is not None
        assert (told.status_code, told.headers["Retry-After"]) == (503, "5")
        assert "quello che hai scritto" in told.text.lower() or "what you wrote" in told.text.lower()
        assert await site.count(OUT) == 0
        answers = [(await answer_of(anna, "/desk"))[0] for _ in range(12)]
        assert set(answers) <= {200, 503}
        assert answers[-1] == 200, "healed without a restart"
        assert await anna.write_once(aurora, contact, "Uno") == 303
    assert await site.count(OUT) == 1
    assert await site.faults() == []


@pytest.mark.deep
async def test_a_commit_whose_answer_was_lost_is_not_repeated_by_the_next_try(site: Site) -> None:
    """Committed, and the browser was told 503: the same form again, and the same mail again, change nothing."""
    aurora = site.world.aurora
    async with site.proxied() as proxy:
        async with at_the_desk(site, site.world.anna) as anna:
            contact, form = await taken(site, anna)
            proxy.arm(Stop(b"INSERT INTO pv.message", b"COMMIT", heard=True))
            answer = asyncio.create_task(anna.reply(aurora, contact, form, "Una volta sola."))
            await asyncio.wait_for(proxy.stopped.wait(), 30)
            await site.until(lambda: site.count(OUT))
            proxy.cut()
            assert await answer == 503
            if "form_key" in form or not await anna.has_written(aurora, contact, "Una volta sola."):
                assert await anna.reply(aurora, contact, form, "Una volta sola.") == 303
        assert await site.count(OUT) == 1
        await site.start("engine")
        raw = letter(aurora.address, "anche io")
        proxy.arm(Stop(b"INSERT INTO pv.inbound_event", b"COMMIT", heard=True))
        mail = asyncio.create_task(site.send(raw, aurora))
        await asyncio.wait_for(proxy.stopped.wait(), 30)
        await site.until(lambda: site.count("SELECT (count(*) = 2)::int FROM pv.inbound_event"))
        proxy.cut()
        assert await mail == 451
        assert await site.send(raw, aurora) == 250
    assert await site.count("SELECT count(*) FROM pv.inbound_event") == 2
    assert await site.faults() == []


async def test_a_row_locked_for_long_and_no_free_connection_are_503_and_readiness_turns(
    site: Site,
) -> None:
    """Three seconds, not for ever; no answer is 500; what is locked is one brand's, the others work on."""
    aurora, bosco = site.world.aurora, site.world.bosco
    async with at_the_desk(site, site.world.anna) as anna:
        contact, form = await taken(site, anna)
        other = await contact_of(site, bosco)
        async with site.locked(HEAD, aurora.id):
            assert await anna.reply(aurora, contact, form, "Aspetta.") == 503
            assert await anna.claim(bosco, other) == 303
        assert await anna.reply(aurora, contact, form, "Aspetta.") == 303
        assert await _ready(anna) == "ok"
        await site.superuser.execute("ALTER ROLE portavoce_app CONNECTION LIMIT 0")
        try:
            await site.superuser.execute(OURS)
            answers = await asyncio.gather(*(answer_of(anna, "/desk") for _ in range(10)))
            assert set(answers) == {(503, "5")}
            assert await _ready(anna) == "failed"
        finally:
            await site.superuser.execute("ALTER ROLE portavoce_app CONNECTION LIMIT -1")
        assert (await answer_of(anna, "/desk"))[0] == 200
        assert await _ready(anna) == "ok"
    assert await site.faults() == []


async def _ready(anna: Agent) -> str:
    page = await anna.get("/health/ready")
    assert page is not None
    verdict: str = page.json()["checks"]["postgresql"]
    return verdict


async def test_a_database_that_takes_no_changes_can_be_read_and_says_so(site: Site) -> None:
    """Also for who has not been seen for a minute, and would be noted down."""
    aurora = site.world.aurora
    await site.start("engine")
    async with at_the_desk(site, site.world.anna) as anna:
        contact, form = await taken(site, anna)
        await site.superuser.execute("UPDATE pv.session SET seen_at = now() - interval '2 min'")
        name = site.installation.name
        await site.superuser.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
        await site.superuser.execute(OURS)
        try:
            await site.until(lambda: _is(anna, "/desk", 200))
            assert (await answer_of(anna, url(aurora, contact)))[0] == 200
            assert await anna.reply(aurora, contact, form, "Non ancora.") == 503
            refused = letter(aurora.address, "rifiutata")
            answers = [await site.send(refused, aurora) for _ in range(3)]
            assert set(answers) <= {0, 451}, "a stale connection refuses the recipient, then it is 451"
            assert answers[-1] == 451
        finally:
            await site.superuser.execute(
                f"ALTER DATABASE {name} RESET default_transaction_read_only".encode()
            )
            await site.superuser.execute(OURS)
        await site.until(lambda: _is(anna, "/desk", 200))
        assert await anna.write_once(aurora, contact, "Non ancora.") == 303
    assert await site.count("SELECT count(*) FROM pv.inbound_event") == 1
    assert await site.faults() == []


async def _is(anna: Agent, path: str, code: int) -> bool:
    return (await answer_of(anna, path))[0] == code


@pytest.mark.deep
async def test_a_server_stopped_at_once_for_seconds_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    """An own cluster, as after `pg_ctl stop -m immediate`: recovery, then everything goes on by itself."""
    tmp_path.chmod(0o755)
    home = tmp_path / "cluster"
    home.mkdir(mode=0o755)
    cluster = await asyncio.to_thread(postgres.ensure_running, home)
    own = await asyncio.to_thread(_install, cluster.superuser_dsn, cluster.dsn("portavoce"))
    site_home = tmp_path / "home"
    site_home.mkdir(mode=0o755)
    async with running_site(own, site_home) as site, at_the_desk(site, site.world.anna) as anna:
        await site.start("engine", stuck=2)
        await site.start("worker")
        contact, _form = await taken(site, anna)
        os.kill(cluster.pid, signal.SIGQUIT)
        answers = [
            await site.send(letter(site.world.aurora.address, f"n. {n}"), site.world.aurora) for n in range(3)
        ]
        assert set(answers) <= {451, 0, 250}
        assert (await answer_of(anna, "/desk"))[0] == 503
        await asyncio.sleep(5)
        await asyncio.to_thread(postgres.ensure_running, home)
        await site.superuser.close()
        await site.world.database.close()
        async with await psycopg.AsyncConnection.connect(own.superuser_dsn, autocommit=True) as superuser:
            site.superuser = superuser
            assert await anna.write_once(site.world.aurora, contact, "Di nuovo qui.") == 303
            raw = letter(site.world.aurora.address, "dopo")
            while await site.send(raw, site.world.aurora) != 250:
                await asyncio.sleep(0.2)
            await site.settled()
            assert await site.faults() == []
    await asyncio.to_thread(postgres.stop, cluster)


def _install(maintenance: str, dsn: str) -> Installation:
    with psycopg.connect(maintenance, autocommit=True) as server:
        server.execute("CREATE DATABASE portavoce")
    return installed(dsn)
