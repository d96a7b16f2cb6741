"""Run a Redis of ours that keeps nothing: losing all of it loses nothing. Unix socket only, with a password."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from pathlib import Path

import redis

from portavoce.core.embedded.binaries import redis_program
from portavoce.core.embedded.lock import held
from portavoce.core.embedded.place import Place, place_of
from portavoce.core.embedded.running import alive, end, running_in, spawn, tail, wait_until
from portavoce.core.secrets import secret

PASSWORD_NAME = "redis.password"  # noqa: S105 -- a file name
STOP_LADDER = ((signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0))


class RedisFailed(RuntimeError):
    """It did not start; the message ends with the last lines of its log."""


@dataclass(frozen=True, slots=True)
class RedisServer:
    """`adopted`: it was already running."""

    folder: Path
    socket: Path
    password_file: Path
    log: Path
    pid: int
    adopted: bool = False

    @property
    def url(self) -> str:
        """For redis-py and arq. Holds the password: never log it."""
        return f"unix://:{self.password_file.read_text()}@{self.socket}?db=0"


def ensure_running(home: Path, *, patience: float = 10.0) -> RedisServer:
    """Give the running Redis of `home`, started or adopted as needed. Blocks; raises RedisFailed."""
    place = place_of(home)
    secret(place.base, PASSWORD_NAME, size=24)
    folder = place.redis_folder
    if not folder.exists():
        folder.mkdir(mode=0o700)
    place.account.own(folder)
    with held(place.base / "redis.lock"):
        return _adopt(place) or _start(place, patience)


def is_alive(home: Path) -> bool:
    """Whether our Redis of `home` runs and answers."""
    place = place_of(home)
    return any(_answers(_described(place, pid)) for pid in running_in(place.redis_folder))


def stop(server: RedisServer) -> None:
    """End whatever Redis runs in this folder now."""
    end(running_in(server.folder), ladder=STOP_LADDER)


def _adopt(place: Place) -> RedisServer | None:
    pids = running_in(place.redis_folder)
    if len(pids) == 1 and _answers(_described(place, pids[0])):
        return _described(place, pids[0], adopted=True)
    if not end(pids, ladder=STOP_LADDER):
        raise RedisFailed(f"processes {pids} hold {place.redis_folder} and cannot be ended")
    return None


def _start(place: Place, patience: float) -> RedisServer:
    # The settings come by standard input: the password shows in no command line and no other file.
    pid = spawn(
        [str(redis_program(place)), "-"],
        account=place.account,
        log=place.logs / "redis.log",
        folder=place.redis_folder,
        text=_settings(place),
    )
    server = _described(place, pid)
    if not wait_until(lambda: _answers(server) or not alive(pid), patience) or not alive(pid):
        end([pid], ladder=STOP_LADDER)
        raise RedisFailed(f"Redis did not start:\n{tail(server.log)}")
    return server


def _described(place: Place, pid: int, *, adopted: bool = False) -> RedisServer:
    return RedisServer(
        folder=place.redis_folder,
        socket=place.sockets / "redis.sock",
        password_file=place.base / PASSWORD_NAME,
        log=place.logs / "redis.log",
        pid=pid,
        adopted=adopted,
    )


def _settings(place: Place) -> str:
    server = _described(place, 0)
    return "\n".join(
        [
            "port 0",
            f"unixsocket {server.socket}",
            "unixsocketperm 700",
            f"requirepass {server.password_file.read_text()}",
            'save ""',
            "appendonly no",
            "daemonize no",
            f'dir "{place.redis_folder}"',
            "maxmemory 256mb",
            "maxmemory-policy noeviction",
            "",
        ]
    )


def _answers(server: RedisServer) -> bool:
    with redis.Redis.from_url(server.url, socket_timeout=2, socket_connect_timeout=2) as client:
        try:
            return bool(client.ping())
        except (redis.RedisError, OSError):
            return False
