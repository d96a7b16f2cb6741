"""`portavoce restart` under steady requests, mail and a stream: nobody is refused, nothing is lost or done twice."""

from __future__ import annotations

import asyncio
import http.client
import os
import smtplib
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import msgspec
import psycopg
import pytest

from portavoce.core.config import Settings
from portavoce.core.scope import HOUSE
from portavoce.identity.sessions import open_session
from portavoce.wiring import open_database, thread_keys
from tests.database import Installation
from tests.depth import scaled
from tests.fakes.smtp_sink import SmtpSink
from tests.ports import free_port
from tests.settled import environment, settled
from tests.world import World, build_world, letter

ROUNDS = scaled(1, 10)
PATIENCE = 300.0
STATES = "SELECT state, count(*) FROM pv.message WHERE direction = 'out' GROUP BY 1"
TWICE = "SELECT count(*), count(DISTINCT rfc_id) FROM pv.mail WHERE from_address LIKE 'load%%'"


@dataclass
class House:
    """A supervised installation; `answered` counts requests, `mails` those taken, `troubles` what went wrong."""

    settings: Settings
    world: World
    sink: SmtpSink
    log: Path
    answered: int = 0
    mails: int = 0
    streams: int = 0
    troubles: list[str] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def told(self) -> str:
        return self.log.read_text(errors="replace")

    async def until_told(self, words: str, times: int, meanwhile: Callable[[], None]) -> None:
        async with asyncio.timeout(PATIENCE):
            while self.told().count(words) < times:
                meanwhile()
                await asyncio.sleep(0.2)

    async def ready(self) -> None:
        async with httpx.AsyncClient() as client, asyncio.timeout(PATIENCE):
            while True:
                with suppress(httpx.ConnectError):
                    answer = await client.get(f"{self.settings.base_url}/health/ready", timeout=PATIENCE)
                    if answer.status_code == 200:
                        return
                await asyncio.sleep(0.2)

    async def ask(self, *, kept: bool) -> None:
        """Request after request: on a connection of its own each, or on one kept as long as it is offered."""
        while not self.over.is_set():
            try:
                self.answered += await asyncio.to_thread(self._few, kept)
            except (OSError, http.client.HTTPException) as error:
                self.troubles.append(f"{'kept' if kept else 'own'} connection: {error!r}")

    def _few(self, kept: bool) -> int:
        connection = None
        for _ in range(20):
            connection = connection or http.client.HTTPConnection(
                "127.0.0.1", self.settings.web_port, timeout=PATIENCE
            )
            connection.request("GET", "/sign-in")
            answer = connection.getresponse()
            answer.read()
            time.sleep(0.02)
            if answer.status != 200:
                self.troubles.append(f"answered {answer.status}")
            if not kept or answer.getheader("Connection") == "close":
                connection.close()
                connection = None
        if connection is not None:
            connection.close()
        return 20

    async def write(self) -> None:
        """As a relay: a mail that was not taken is offered again, under the same Message-ID."""
        while not self.over.is_set():
            brand, number = self.world.bosco, self.mails
            raw = letter(brand.address, sender=f"load{number}@customer.example")
            while await asyncio.to_thread(self._offer, raw, brand.address) != 250:
                await asyncio.sleep(0.05)
            self.mails += 1
            await asyncio.sleep(0.1)

    def _offer(self, raw: bytes, to: str) -> int:
        try:
            with smtplib.SMTP("127.0.0.1", self.settings.smtp_port, timeout=PATIENCE) as client:
                client.sendmail("load@customer.example", [to], raw)
        except smtplib.SMTPServerDisconnected:
            return 0
        except smtplib.SMTPResponseException as error:
            return error.smtp_code
        except OSError as error:
            self.troubles.append(f"smtp: {error!r}")
            return 0
        return 250

    async def watch(self, cookie: str) -> None:
        """A desk's stream: whenever it ends the browser comes back."""
        limits = httpx.Timeout(PATIENCE)
        async with httpx.AsyncClient(cookies={"portavoce": cookie}, timeout=limits) as client:
            while not self.over.is_set():
                async with client.stream("GET", f"{self.settings.base_url}/desk/stream") as stream:
                    if stream.status_code != 200:
                        self.troubles.append(f"stream: {stream.status_code}")
                    self.streams += 1
                    try:
                        async for _ in stream.aiter_bytes():
                            if self.over.is_set():
                                break
                    except httpx.HTTPError as error:
                        self.troubles.append(f"stream: {error!r}")


class HalfMail:
    """A conversation that stands in the middle of its text while the engine is replaced."""

    def __init__(self, settings: Settings, to: str) -> None:
        self._client = smtplib.SMTP("127.0.0.1", settings.smtp_port, timeout=PATIENCE)
        self._client.ehlo()
        self._client.mail("load-half@customer.example")
        self._client.rcpt(to)
        assert self._client.docmd("DATA")[0] == 354
        self._client.send(b"From: load-half@customer.example\r\nMessage-ID: <half@customer.example>\r\n")

    def trickle(self) -> None:
        self._client.send(b"X-More: to come\r\n")

    def finish(self) -> int:
        self._client.send(b"Subject: A meta\r\n\r\nEccomi.\r\n.\r\n")
        code = self._client.getreply()[0]
        self._client.close()
        return code


@contextmanager
def supervised(settings: Settings, log: Path) -> Iterator[None]:
    env = {**os.environ, **environment(settings)}
    argv = [sys.executable, "-m", "portavoce", "run", "--no-demo"]
    with log.open("ab") as out, subprocess.Popen(argv, env=env, stdout=out, stderr=out) as process:
        try:
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE)


@asynccontextmanager
async def house_of(installation: Installation, broker: str, home: Path) -> AsyncIterator[House]:
    sink = SmtpSink()
    await sink.start()
    settings = msgspec.structs.replace(
        settled(installation, broker, home),
        web_port=free_port(),
        smtp_port=free_port(),
        lmtp_port=free_port(),
        web_processes=2,
        relay_url=f"smtp://127.0.0.1:{sink.port}?security=none",
    )
    database = open_database(settings)
    world = await build_world(database, settings.files_dir, thread_keys(settings))
    try:
        with supervised(settings, home / "run.log"):
            yield House(settings, world, sink, home / "run.log")
    finally:
        await sink.close()
        await database.close()


async def restarted(house: House) -> str:
    """What `portavoce restart` said. A mail is in the middle of its text, an answer on its way."""
    done = house.told().count("replaced everything")
    half = await asyncio.to_thread(HalfMail, house.settings, house.world.bosco.address)
    await house.world.answered(house.world.aurora)
    argv = [sys.executable, "-m", "portavoce", "restart"]
    process = await asyncio.create_subprocess_exec(
        *argv, env={**os.environ, **environment(house.settings)}, stdout=asyncio.subprocess.PIPE
    )
    await house.until_told("the new engine works", done + 1, half.trickle)
    assert await asyncio.to_thread(half.finish) == 250
    out, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0, out
    return out.decode()


@pytest.mark.deep
async def test_a_restart_refuses_nobody_and_loses_and_doubles_nothing(
    empty_database: Installation, broker: str, tmp_path: Path
) -> None:
    async with house_of(empty_database, broker, tmp_path) as house:
        await house.ready()
        async with house.world.database.begin(HOUSE) as db:
            cookie = open_session(db, house.world.anna.person_id, "127.0.0.1")
        loads = [house.ask(kept=False), house.ask(kept=True), house.write(), house.watch(cookie)]
        tasks = [asyncio.create_task(load) for load in loads]
        for _ in range(ROUNDS):
            assert "Replaced: engine, worker, serve, serve." in await restarted(house)
        house.over.set()
        await house.world.answered(house.world.aurora)
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*tasks)
            while (states := await counts(empty_database, STATES)) != [("sent", ROUNDS + 1)]:
                assert "failed" not in {state for state, _ in states}, states
                await asyncio.sleep(0.1)
    assert house.troubles == []
    assert house.answered > 0
    assert house.streams > ROUNDS, "the stream was ended and came back"
    [(mails, distinct)] = await counts(empty_database, TWICE)
    halves = 1
    assert (mails, distinct) == (house.mails + halves, house.mails + halves)
    replies = [mail for mail in house.sink.mails if b"Ecco la risposta" in mail.raw]
    assert len(replies) == ROUNDS + 1


async def counts(installation: Installation, query: str) -> list[tuple[object, ...]]:
    async with await psycopg.AsyncConnection.connect(installation.superuser_dsn) as superuser:
        return [tuple(row) for row in await (await superuser.execute(query.encode())).fetchall()]
