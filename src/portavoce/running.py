"""`portavoce run`: services, schema and demo first, then every process under one supervisor."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from socket import socket

import msgspec
from rich.console import Console

from portavoce.brands.resolving import all_brand_ids
from portavoce.core.bootstrap import DATABASE, bootstrap, drop
from portavoce.core.config import Settings
from portavoce.core.connections import owner_url, role_passwords
from portavoce.core.db import DISPATCH
from portavoce.core.embedded import postgres, redis
from portavoce.core.embedded.cluster import Cluster
from portavoce.core.embedded.place import tag_of
from portavoce.core.embedded.redis import RedisServer
from portavoce.core.migrating import migrate
from portavoce.core.processes.console import speaker
from portavoce.core.processes.instance import only_instance
from portavoce.core.processes.leftovers import end_leftovers
from portavoce.core.processes.ports import choose_port
from portavoce.core.processes.program import Program, Service
from portavoce.core.processes.replacing import ASK, Outcome, note_outcome
from portavoce.core.processes.sockets import listening
from portavoce.core.processes.supervisor import Supervisor
from portavoce.core.scope import HOUSE
from portavoce.core.walls import APP
from portavoce.demo.loading import HalfLoaded, load_demo
from portavoce.demo.welcome import welcome
from portavoce.onboarding.signals import relearn_all
from portavoce.wiring import open_database

PORTS = ("web_port", "smtp_port", "lmtp_port", "sent_port")


def run_everything(settings: Settings, console: Console, *, demo: bool) -> None:
    """Blocks until SIGINT or SIGTERM. What it started it stops; a second one on the same home is refused."""
    settings.home.mkdir(parents=True, exist_ok=True)
    signal.signal(ASK, partial(_not_yet, settings.home))
    with only_instance(settings.home, note=settings.base_url):
        end_leftovers(tag_of(settings.home))
        chosen = _with_free_ports(settings)
        with with_services(chosen, console) as running:
            console.print("Bringing the schema up to date …")
            bring_up_to_date(running)
            if demo:
                running, demo = _with_demo(settings, running, console)
            with ExitStack() as taken:
                sockets = {name: taken.enter_context(each) for name, each in _sockets(running)}
                supervisor = Supervisor(
                    programs(running, demo=demo, sockets=sockets),
                    services=_services(settings),
                    tag=tag_of(settings.home),
                    say=speaker(console),
                    replaced=partial(note_outcome, settings.home),
                )
                console.print(welcome(running, demo=demo))
                asyncio.run(supervisor.run())


def bring_up_to_date(settings: Settings, *, again: bool = False) -> int:
    """The newest schema, and the marks of brands that were there before the guard; `again`: of every brand."""
    migrate(owner_url(settings))
    return asyncio.run(_learn_marks(settings, missing=not again))


async def _learn_marks(settings: Settings, *, missing: bool) -> int:
    database = open_database(settings)
    try:
        async with database.begin(HOUSE, role=DISPATCH) as db:
            brands = await all_brand_ids(db)
        return await relearn_all(database, brands, missing=missing)
    finally:
        await database.close()


def _not_yet(home: Path, *_: object) -> None:
    """Unheard, the signal would end us."""
    note_outcome(home, Outcome(False, "It is still starting: ask again once it runs."))


def _with_demo(given: Settings, running: Settings, console: Console) -> tuple[Settings, bool]:
    """The demo loaded, unless the database holds something else, and its customers as the relay unless one is set."""
    recreate = None if given.database_url else partial(_recreate, running)
    try:
        loaded = asyncio.run(load_demo(running, console, recreate=recreate))
    except HalfLoaded as error:
        raise SystemExit(str(error)) from error
    if not loaded or running.relay_url:
        return running, loaded
    customers = f"smtp://{running.host}:{running.sent_port}?security=none"
    return msgspec.structs.replace(running, relay_url=customers), True


def _recreate(running: Settings) -> None:
    """Our own embedded database, anew and empty."""
    cluster = postgres.ensure_running(running.home)
    drop(cluster.superuser_dsn)
    bootstrap(cluster.superuser_dsn, role_passwords(running))
    migrate(owner_url(running))


@contextmanager
def with_services(settings: Settings, console: Console | None = None) -> Iterator[Settings]:
    """Settings whose URLs are reachable: given ones, or those of embedded servers that run meanwhile."""
    cluster = server = None
    say = (console or Console(quiet=True)).print
    if not settings.database_url:
        say("Starting PostgreSQL …")
        cluster = postgres.ensure_running(settings.home)
        bootstrap(cluster.superuser_dsn, role_passwords(settings))
    if not settings.redis_url:
        say("Starting Redis …")
        server = redis.ensure_running(settings.home)
    try:
        yield described(settings, cluster, server)
    finally:
        if server is not None and (console or not server.adopted):
            redis.stop(server)
        if cluster is not None and (console or not cluster.adopted):
            postgres.stop(cluster)


def described(settings: Settings, cluster: Cluster | None, server: RedisServer | None) -> Settings:
    """The settings with the URLs of what runs embedded."""
    changes: dict[str, str] = {}
    if cluster is not None:
        changes["database_url"] = cluster.url(DATABASE, user=APP, password=role_passwords(settings)[APP])
    if server is not None:
        changes["redis_url"] = server.url
    return msgspec.structs.replace(settings, **changes)


def _sockets(settings: Settings) -> Iterator[tuple[str, socket]]:
    """Held here for as long as we run, so that nobody is refused while a process is replaced or comes back."""
    names = ["web", "smtp", "lmtp", *([] if settings.relay_url else ["sent"])]
    for name in names:
        yield name, listening(settings.host, getattr(settings, f"{name}_port"))


def programs(settings: Settings, *, demo: bool, sockets: Mapping[str, socket] | None = None) -> list[Program]:
    """The processes, each `portavoce <name>` with these settings in its environment and its share of the sockets."""
    environment = {
        f"PORTAVOCE_{name.upper()}": str(value) for name, value in msgspec.structs.asdict(settings).items()
    }
    names = ["engine", "worker", *["serve"] * settings.web_processes, *(["traffic"] if demo else [])]
    pauses = {"worker": 5.0}
    patience = {"engine": 35.0, "worker": 30.0, "serve": 15.0}
    shares = {"engine": ("smtp", "lmtp", "sent"), "serve": ("web",)}
    return [
        Program(
            name,
            (sys.executable, "-m", "portavoce", name),
            env=environment,
            sockets={each: sockets[each] for each in shares.get(name, ()) if sockets and each in sockets},
            pause=pauses.get(name, 1.0),
            patience=patience.get(name, 10.0),
            announces=name != "traffic",
        )
        for name in names
    ]


def _services(settings: Settings) -> list[Service]:
    watched = []
    if not settings.database_url:
        watched.append(
            Service(
                "postgres",
                lambda: postgres.is_alive(settings.home),
                lambda: postgres.ensure_running(settings.home),
            )
        )
    if not settings.redis_url:
        watched.append(
            Service(
                "redis", lambda: redis.is_alive(settings.home), lambda: redis.ensure_running(settings.home)
            )
        )
    return watched


def _with_free_ports(settings: Settings) -> Settings:
    """Taken ports are replaced by free ones nearby, so that `make run` works beside anything."""
    taken: set[int] = set()
    chosen = {}
    for name in PORTS:
        port = choose_port(getattr(settings, name), settings.host)
        while port in taken:
            port = choose_port(port + 1, settings.host)
        taken.add(port)
        chosen[name] = port
    return msgspec.structs.replace(settings, **chosen)
