from __future__ import annotations

import io
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.console import Console

from portavoce.core import doctor
from portavoce.core.embedded.redis import ensure_running
from portavoce.core.embedded.removal import remove_data
from tests.cluster import SessionCluster
from tests.ports import free_port, free_ports

NOWHERE = "host=127.0.0.1 port=1 user=anna password=secret connect_timeout=1"


@contextmanager
def listener(greeting: bytes) -> Iterator[int]:
    def greet(server: socket.socket) -> None:
        client, _ = server.accept()
        with client:
            client.sendall(greeting)
            client.recv(100)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=greet, args=(server,))
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def test_python_is_old_or_new_enough() -> None:
    assert doctor.python_version((3, 11, 0)).ok
    assert "install Python 3.11" in doctor.python_version((3, 10, 14)).remedy


def test_a_home_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert doctor.home_writable(tmp_path / "not" / "yet").ok
    assert "PORTAVOCE_HOME" in doctor.home_writable(tmp_path / "file" / "home").remedy


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    assert doctor.disk_space(tmp_path, needed=1).ok
    assert "free at least" in doctor.disk_space(tmp_path, needed=10**18).remedy


def test_postgres_answers_with_its_version(cluster: SessionCluster) -> None:
    assert doctor.postgres_reachable(cluster.superuser_dsn) == doctor.good("PostgreSQL", "version 18")


def test_a_postgres_out_of_reach_is_told_without_its_password() -> None:
    check = doctor.postgres_reachable(NOWHERE)
    assert not check.ok
    assert "secret" not in check.message + check.remedy


def test_an_old_postgres_is_refused(cluster: SessionCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "OLDEST_POSTGRES", 99)
    assert doctor.postgres_reachable(cluster.superuser_dsn).message == "version 18 is too old"


def test_missing_roles_are_named(cluster: SessionCluster) -> None:
    assert doctor.roles_present(cluster.superuser_dsn, ["postgres"]).ok
    check = doctor.roles_present(cluster.superuser_dsn, ["postgres", "portavoce_nobody"])
    assert check.message == "missing: portavoce_nobody"
    assert not doctor.roles_present(NOWHERE, []).ok


def test_redis_answers() -> None:
    with tempfile.TemporaryDirectory(prefix="portavoce-") as folder:
        home = Path(folder)
        assert doctor.redis_reachable(ensure_running(home).url) == doctor.good("Redis", "answers")
        remove_data(home)
        home.mkdir()


def test_redis_out_of_reach_is_told(tmp_path: Path) -> None:
    assert not doctor.redis_reachable(f"unix://:secret@{tmp_path}/none.sock").ok


def test_a_missing_browser_is_told() -> None:
    assert doctor.browser_present(["sh"]).ok
    assert doctor.browser_present(["no-such-browser"]).remedy == "apt-get install chromium"


def test_missing_assets_are_named(tmp_path: Path) -> None:
    (tmp_path / "htmx.js").touch()
    assert doctor.assets_built([tmp_path / "htmx.js"]).ok
    assert doctor.assets_built([tmp_path / "sprite.svg"]).message == "missing: sprite.svg"


def test_the_smtp_port_may_be_free_or_ours() -> None:
    port = free_port()
    assert doctor.smtp_port(port).message == f"{port} is free"
    with listener(b"220 mail.example Portavoce\r\n") as port:
        assert doctor.smtp_port(port).message == f"{port} is ours"


def test_a_stranger_on_the_smtp_port_is_told() -> None:
    with listener(b"220 other.example\r\n") as port:
        assert not doctor.smtp_port(port).ok
    assert not doctor.smtp_port(25_000, "192.0.2.1").ok


def test_the_report_fails_when_one_check_fails() -> None:
    out = io.StringIO()
    good, bad = doctor.good("Python", "3.11"), doctor.bad("Redis", "[down]", "make run")
    assert doctor.report([good], Console(file=out)) == 0
    assert doctor.report([good, bad], Console(file=out, width=100)) == 1
    assert "✗  Redis   [down]  make run" in out.getvalue()


def test_the_page_of_numbers_is_off_or_found_or_missed() -> None:
    assert "PORTAVOCE_METRICS_PORT" in doctor.metrics_port(0).message
    port = free_ports(3)
    assert not doctor.metrics_port(port).ok
    with socket.create_server(("127.0.0.1", port)):
        assert doctor.metrics_port(port).ok


def test_advice_is_shown_and_breaks_nothing() -> None:
    out = io.StringIO()
    assert doctor.report([doctor.advice("Backup", "none", "make one")], Console(file=out, width=100)) == 0
    assert "!  Backup  none   make one" in out.getvalue()
