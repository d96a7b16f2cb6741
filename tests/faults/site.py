"""An installation whose processes may be killed: real PostgreSQL, Redis, engine and worker, and a relay with gates."""

from __future__ import annotations

import asyncio
import os
import signal
import smtplib
import sys
from asyncio.subprocess import Process
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen
from uuid import UUID

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url

from portavoce.core.config import Settings
from portavoce.core.dispatching import dispatch
from portavoce.core.embedded.redis import RedisServer, ensure_running
from portavoce.core.queueing import JobQueue
from portavoce.core.secrets import secret
from portavoce.kit.clock import SystemClock
from portavoce.wiring import open_database, thread_keys
from tests.auditor import Evidence, audit
from tests.database import PASSWORDS, Installation
from tests.fakes.smtp_sink import Hangup, SmtpSink, Talk
from tests.fakes.tcp_proxy import TcpProxy, proxy_to
from tests.ports import free_port
from tests.world import World, WorldBrand, build_world

PATIENCE = 180.0
"""Seconds after which something that must happen did not."""
LOCKED = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
OPEN_ROWS = """
    SELECT (SELECT count(*) FROM pv.outbox WHERE state IN ('pending', 'handed'))
         + (SELECT count(*) FROM pv.house_outbox WHERE state IN ('pending', 'handed'))
"""


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5):
            return True
    except HTTPError:
        return True
    except (URLError, OSError):
        return False


class Gate:
    """Closed: who comes is counted and waits."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.open = asyncio.Event()


@dataclass
class GatedSink(SmtpSink):
    """A relay that stops before it answers at the stages named in `gates`."""

    gates: defaultdict[str, Gate] = field(default_factory=lambda: defaultdict(Gate))
    closed: set[str] = field(default_factory=set)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError, Hangup):
            await GatedTalk(self, reader, writer).run()
        self._open.discard(writer)
        writer.transport.abort()

    def close_gate(self, stage: str) -> None:
        self.gates[stage] = Gate()
        self.closed.add(stage)

    def open_gate(self, stage: str) -> None:
        self.closed.discard(stage)
        self.gates[stage].open.set()

    async def held_at(self, stage: str) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.gates[stage].reached.wait()


class GatedTalk(Talk):
    sink: GatedSink

    async def say(self, stage: str) -> str:
        if stage in self.sink.closed:
            self.sink.gates[stage].reached.set()
            await self.sink.gates[stage].open.wait()
        return await super().say(stage)


@dataclass
class Site:
    """`superuser` looks and blocks; `started` are the processes that must not outlive the test.

    `environments`: what a process of that name finds in its environment beside the settings.
    """

    installation: Installation
    settings: Settings
    world: World
    sink: GatedSink
    superuser: psycopg.AsyncConnection[Any]
    redis: RedisServer
    queue: JobQueue
    started: list[Process] = field(default_factory=list)
    accepted: list[tuple[UUID, str]] = field(default_factory=list)
    environments: dict[str, Mapping[str, str]] = field(default_factory=dict)
    logs: Path | None = None

    async def start(self, name: str, *, stuck: float = 60.0) -> Process:
        """`engine`, `worker` or `serve`, as its own process, once it has given its first sign of life."""
        await self.superuser.execute("DELETE FROM pv.heartbeat WHERE process = %s", [name])
        process = await self.spawn(name, stuck=stuck)

        async def alive() -> int | bool:
            assert process.returncode is None, (self.settings.home / f"{name}.log").read_text()[-3000:]
            if name == "serve":
                return await asyncio.to_thread(answers, f"{self.settings.base_url}/health/live")
            return await self.count("SELECT count(*) FROM pv.heartbeat WHERE process = %s", name)

        await self.until(alive)
        return process

    async def spawn(self, name: str, *, stuck: float = 60.0) -> Process:
        """The same without waiting for a sign."""
        given = {
            f"PORTAVOCE_{key.upper()}": str(value)
            for key, value in msgspec.structs.asdict(self.settings).items()
        }
        with ((self.logs or self.settings.home) / f"{name}.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", f"from tests.faults.process import main; main({name!r}, {stuck})",
                env={
                    **os.environ, **given, **self.environments.get(name, {}),
                    "PYTHONPATH": os.pathsep.join(sys.path),
                },
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.started.append(process)
        return process

    async def kill(self, process: Process) -> None:
        """As `kill -9`, of its children too."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        async with asyncio.timeout(PATIENCE):
            await process.wait()

    async def count(self, query: str, *values: object) -> int:
        rows = await self.superuser.execute(query.encode(), values or None)
        return int((await rows.fetchall())[0][0])

    async def until(self, true: Callable[[], Awaitable[object]]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await true():
                await asyncio.sleep(0.02)

    @asynccontextmanager
    async def proxied(self) -> AsyncIterator[TcpProxy]:
        """Meanwhile processes are started with a line to PostgreSQL that the test holds in hand."""
        parts, before = conninfo_to_dict(self.installation.superuser_dsn), self.settings
        proxy = await proxy_to(f"{parts['host']}/.s.PGSQL.{parts.get('port', 5432)}")
        url = make_url(before.database_url).set(host="127.0.0.1", port=proxy.port, query={})
        self.settings = msgspec.structs.replace(
            before, database_url=url.render_as_string(hide_password=False)
        )
        try:
            yield proxy
        finally:
            self.settings = before
            await proxy.close()

    @asynccontextmanager
    async def locked(self, query: str, *values: object) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        """Holds the locks of `query` until the block ends."""
        async with await psycopg.AsyncConnection.connect(self.installation.superuser_dsn) as holder:
            await holder.execute(query.encode(), values)
            yield holder
            await holder.rollback()

    async def someone_waits(self) -> None:
        await self.until(lambda: self.count(LOCKED))

    async def send(self, raw: bytes, *brands: WorldBrand) -> int:
        """The answer to the mail's last dot; 0 when the connection broke before one came."""

        def speak() -> int:
            try:
                with smtplib.SMTP("127.0.0.1", self.settings.smtp_port, timeout=PATIENCE) as client:
                    client.ehlo()
                    client.mail("gina@customer.example")
                    for brand in brands:
                        client.rcpt(brand.address)
                    return client.data(raw)[0]
            except (smtplib.SMTPException, OSError):
                return 0

        answer = await asyncio.to_thread(speak)
        if answer == 250:
            rfc_id = str(message_from_bytes(raw)["Message-ID"])
            self.accepted += [(brand.id, rfc_id) for brand in brands]
        return answer

    async def hand_over(self) -> int:
        """A round of the dispatcher, in this process."""
        return await dispatch(self.world.database, self.queue.hand)

    async def kill_redis(self) -> None:
        os.kill(self.redis.pid, signal.SIGKILL)
        await self.until(lambda: self._gone(self.redis.pid))

    @staticmethod
    async def _gone(pid: int) -> bool:
        return not Path(f"/proc/{pid}/exe").exists()

    async def start_redis(self) -> None:
        self.redis = await asyncio.to_thread(ensure_running, self.settings.home)

    async def settled(self) -> None:
        """Everything that must leave has left or was given up."""
        await self.until(self._nothing_open)

    async def _nothing_open(self) -> bool:
        return await self.count(OPEN_ROWS) == 0

    async def faults(self) -> list[str]:
        """Every breach of an invariant, see tests.auditor; the end of every test of faults. Our own connections may be dead."""
        await self.world.database.close()
        evidence = Evidence(self.accepted, self.sink.taken)
        return await audit(self.superuser, evidence, self.world.database)


@asynccontextmanager
async def running_site(installation: Installation, home: Path) -> AsyncIterator[Site]:
    """Without engine and worker; `home` must be enterable by the account that runs Redis."""
    sink = GatedSink()
    await sink.start()
    redis = await asyncio.to_thread(ensure_running, home)
    settings = _settings(installation, home, redis.url, sink.port)
    database = open_database(settings)
    queue = JobQueue(redis.url, secret(settings.secrets_dir, "jobs"), SystemClock())
    world = await build_world(database, settings.files_dir, thread_keys(settings))
    superuser = await psycopg.AsyncConnection.connect(installation.superuser_dsn, autocommit=True)
    await superuser.execute("UPDATE pv.house_outbox SET state = 'done'")
    site = Site(installation, settings, world, sink, superuser, redis, queue)
    try:
        yield site
    finally:
        for process in site.started:
            await site.kill(process)
        await sink.close()
        await queue.close()
        await database.close()
        await superuser.close()
        os.kill(site.redis.pid, signal.SIGKILL)


def _settings(installation: Installation, home: Path, redis_url: str, relay_port: int) -> Settings:
    secrets = home / "secrets"
    secrets.mkdir(mode=0o700, exist_ok=True)
    (secrets / "roles.json").write_bytes(msgspec.json.encode(PASSWORDS))
    return Settings(
        home=home, database_url=installation.url("portavoce_app"), redis_url=redis_url, smtp_port=free_port(),
        lmtp_port=free_port(), web_port=free_port(), relay_url=f"smtp://127.0.0.1:{relay_port}?security=none",
        probe_at="never",
    )  # fmt: skip
