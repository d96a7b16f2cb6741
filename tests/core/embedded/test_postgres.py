from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from portavoce.core.embedded import postgres
from portavoce.core.embedded.cluster import Cluster
from portavoce.core.embedded.postgres import PostgresFailed, ensure_running, stop
from portavoce.core.embedded.running import alive, running_in, wait_until
from tests.ports import free_port

START = """
import sys, time
from pathlib import Path
from portavoce.core.embedded.postgres import ensure_running
print(ensure_running(Path(sys.argv[1]), durable=False).pid, flush=True)
time.sleep(float(sys.argv[2]))
"""


def start(home: Path) -> Cluster:
    return ensure_running(home, durable=False)


def in_another_process(home: Path, *, seconds: float = 0) -> subprocess.Popen[str]:
    argv = [sys.executable, "-c", START, str(home), str(seconds)]
    env = {**os.environ, "PYTHONPATH": "src"}
    return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=env)


def one_value(cluster: Cluster, statement: str) -> object:
    with psycopg.connect(cluster.superuser_dsn, autocommit=True) as server:
        row = server.execute(statement.encode()).fetchone()
    return row[0] if row else None


def keep_a_row(cluster: Cluster) -> None:
    with psycopg.connect(cluster.superuser_dsn) as server:
        server.execute("CREATE TABLE kept AS SELECT 42 AS n")


def kept(cluster: Cluster) -> object:
    return one_value(cluster, "SELECT n FROM kept")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "GRACE", 0.2)
    quick = tuple((number, 0.2 if number != signal.SIGKILL else 5.0) for number, _ in postgres.REPLACE_LADDER)
    monkeypatch.setattr(postgres, "REPLACE_LADDER", quick)


def test_a_new_home_gets_a_cluster_of_utf8_in_byte_order_on_a_socket_only(home: Path) -> None:
    cluster = start(home)
    assert one_value(cluster, "SHOW server_encoding") == "UTF8"
    assert one_value(cluster, "SELECT datlocale FROM pg_database WHERE datname = 'postgres'") == "C.UTF-8"
    assert one_value(cluster, "SHOW listen_addresses") == ""
    assert one_value(cluster, "SELECT 'a' > 'B'") is True


@pytest.mark.deep
def test_a_wrong_password_is_refused_also_on_the_socket(home_with_data: Path) -> None:
    cluster = start(home_with_data)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(cluster.dsn(user="postgres", password="guess"))


def test_passwords_and_data_are_private_and_the_server_is_not_root(home: Path) -> None:
    cluster = start(home)
    assert cluster.password_file.stat().st_mode & 0o777 == 0o600
    assert cluster.data.stat().st_mode & 0o777 == 0o700
    assert Path(f"/proc/{cluster.pid}").stat().st_uid != 0
    assert not (cluster.password_file.parent / "postgres.password.lent").exists()


def test_the_password_shows_in_no_command_line(home_with_data: Path) -> None:
    cluster = start(home_with_data)
    command = Path(f"/proc/{cluster.pid}/cmdline").read_text()
    assert cluster.password_file.read_text() not in command


def test_a_second_call_takes_the_running_cluster(home_with_data: Path) -> None:
    first, second = start(home_with_data), start(home_with_data)
    assert (first.adopted, second.adopted) == (False, True)
    assert second.pid == first.pid


@pytest.mark.usefixtures("impatient")
@pytest.mark.deep
def test_tcp_on_loopback_only_when_asked(home_with_data: Path) -> None:
    unix = start(home_with_data)
    port = free_port()
    cluster = ensure_running(home_with_data, tcp_port=port, durable=False)
    assert cluster.pid != unix.pid
    assert one_value(cluster, "SHOW listen_addresses") == "127.0.0.1"
    with psycopg.connect(cluster.superuser_dsn, host="127.0.0.1") as server:
        assert server.info.port == port


def test_the_url_reaches_the_same_cluster(home_with_data: Path) -> None:
    cluster = start(home_with_data)
    url = cluster.url("postgres", user="postgres", password=cluster.password_file.read_text())
    with psycopg.connect(url) as server:
        assert server.info.host == str(cluster.sockets)


def test_stop_leaves_no_process_and_no_lock_file(home_with_data: Path) -> None:
    cluster = start(home_with_data)
    stop(cluster)
    assert running_in(cluster.data) == []
    assert not (cluster.data / "postmaster.pid").exists()
    assert not postgres.is_alive(home_with_data)


def test_data_outlives_a_stop(home_with_data: Path) -> None:
    keep_a_row(start(home_with_data))
    stop(start(home_with_data))
    again = start(home_with_data)
    assert not again.adopted
    assert kept(again) == 42


def test_data_outlives_kill_9_of_the_postmaster(home_with_data: Path) -> None:
    cluster = start(home_with_data)
    keep_a_row(cluster)
    os.kill(cluster.pid, signal.SIGKILL)
    again = start(home_with_data)
    assert again.pid != cluster.pid
    assert kept(again) == 42


@pytest.mark.deep
def test_a_busy_orphan_of_a_killed_postmaster_is_ended_before_the_next_start(home_with_data: Path) -> None:
    cluster = start(home_with_data)
    keep_a_row(cluster)
    with closing(psycopg.connect(cluster.superuser_dsn, autocommit=True)) as busy:
        orphan = busy.info.backend_pid
        busy.pgconn.send_query(b"DO $$ BEGIN LOOP END LOOP; END $$")
        os.kill(cluster.pid, signal.SIGKILL)
        assert wait_until(lambda: not alive(cluster.pid), 5)
        assert alive(orphan)
        again = start(home_with_data)
    assert not alive(orphan)
    assert kept(again) == 42


@pytest.mark.deep
def test_data_outlives_kill_9_of_one_backend(home_with_data: Path) -> None:
    cluster = start(home_with_data)
    keep_a_row(cluster)
    with psycopg.connect(cluster.superuser_dsn) as victim:
        os.kill(victim.info.backend_pid, signal.SIGKILL)
        with pytest.raises(psycopg.OperationalError):
            victim.execute("SELECT pg_sleep(60)")
    again = start(home_with_data)
    assert again.pid == cluster.pid
    assert kept(again) == 42


@pytest.mark.deep
def test_a_cluster_whose_starter_was_killed_is_taken_over(home_with_data: Path) -> None:
    starter = in_another_process(home_with_data, seconds=60)
    assert starter.stdout is not None
    pid = int(starter.stdout.readline())
    keep_a_row(start(home_with_data))
    starter.kill()
    starter.communicate()
    again = start(home_with_data)
    assert (again.pid, again.adopted) == (pid, True)
    assert kept(again) == 42


def test_starters_at_the_same_time_get_one_postmaster(home: Path) -> None:
    starters = [in_another_process(home) for _ in range(3)]
    pids = {starter.communicate()[0] for starter in starters}
    assert len(pids) == 1
    assert start(home).pid == int(pids.pop())


def test_a_lock_file_that_names_a_stranger_does_not_stop_the_start(home_with_data: Path) -> None:
    cluster = start(home_with_data)
    keep_a_row(cluster)
    lock = (cluster.data / "postmaster.pid").read_text()
    stop(cluster)
    (cluster.data / "postmaster.pid").write_text(lock.replace(str(cluster.pid), str(os.getpid())))
    assert kept(start(home_with_data)) == 42


@pytest.mark.usefixtures("impatient")
@pytest.mark.deep
def test_a_postmaster_without_its_socket_is_replaced(home_with_data: Path) -> None:
    cluster = start(home_with_data)
    keep_a_row(cluster)
    (cluster.sockets / ".s.PGSQL.5432").unlink()
    again = start(home_with_data)
    assert again.pid != cluster.pid
    assert not alive(cluster.pid)
    assert kept(again) == 42


@pytest.mark.usefixtures("impatient")
def test_a_stopped_postmaster_is_replaced(home_with_data: Path) -> None:
    cluster = start(home_with_data)
    keep_a_row(cluster)
    os.kill(cluster.pid, signal.SIGSTOP)
    again = start(home_with_data)
    assert not alive(cluster.pid)
    assert kept(again) == 42


def test_an_interrupted_initdb_is_begun_anew(home: Path) -> None:
    draft = home / "postgres.draft"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    assert one_value(start(home), "SELECT 1") == 1
    assert not draft.exists()


def test_data_of_another_major_version_is_refused_with_a_way_out(home_with_data: Path) -> None:
    stop(start(home_with_data))
    (home_with_data / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(PostgresFailed, match=r"written by PostgreSQL 17.*dump it"):
        start(home_with_data)
    (home_with_data / "postgres" / "PG_VERSION").write_text("18\n")


def test_a_start_that_fails_tells_the_end_of_the_log(home_with_data: Path) -> None:
    stop(start(home_with_data))
    (home_with_data / "postgres" / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(PostgresFailed, match="no_such_setting"):
        start(home_with_data)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has homes that its servers cannot enter")
class TestAPrivateHomeOfRoot:
    def test_keeps_its_mode_and_its_data_elsewhere(self, private_home: Path) -> None:
        cluster = start(private_home)
        keep_a_row(cluster)
        stop(cluster)
        assert private_home.parent.stat().st_mode & 0o777 == 0o700
        assert private_home not in cluster.data.parents
        assert (private_home / "data-folder").read_text().strip() == str(cluster.data.parent)
        assert kept(start(private_home)) == 42

    def test_when_deleted_does_not_hand_its_data_to_the_next(self, private_home: Path) -> None:
        cluster = start(private_home)
        keep_a_row(cluster)
        for left in ("data-folder", "place.lock"):
            (private_home / left).unlink()
        again = start(private_home)
        assert not alive(cluster.pid)
        assert one_value(again, "SELECT count(*) FROM pg_tables WHERE tablename = 'kept'") == 0
        aside = again.data.parent.with_name(f"{again.data.parent.name}.old1")
        assert (aside / "postgres" / "PG_VERSION").exists()
        subprocess.run(["rm", "-r", str(aside)], check=True)
