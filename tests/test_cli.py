"""`portavoce <command>` as it is typed; that the processes truly run is seen in `test_running`."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from typer.testing import CliRunner, Result

from portavoce import cli
from portavoce.backups.keeping import begin_restore
from portavoce.core.bootstrap import DATABASE, bootstrap
from portavoce.core.config import Settings
from portavoce.core.walls import APP
from portavoce.ledger.facts import record
from portavoce.wiring import open_database
from tests.cluster import SessionCluster
from tests.database import NOON, PASSWORDS, Installation
from tests.minting import Minted, mint_brand
from tests.reporting.telling import Contact, tell
from tests.settled import environment, settled

COMMANDS = (
    "run",
    "restart",
    "probe",
    "serve",
    "engine",
    "worker",
    "bootstrap",
    "migrate",
    "relearn",
    "admin",
    "backup",
    "restore",
    "verify",
    "recount",
    "doctor",
)


@pytest.fixture
def settings(empty_database: Installation, broker: str, tmp_path: Path) -> Settings:
    return settled(empty_database, broker, tmp_path)


@pytest.fixture
def aurora(settings: Settings) -> Minted:
    """A brand with two facts."""

    async def mint() -> Minted:
        database = open_database(settings)
        minted = await mint_brand(database)
        for text in ("prima", "seconda"):
            async with database.begin(minted.writing) as db:
                record(db, "note.added", lob_id=minted.lob_id, text=text)
        await database.close()
        return minted

    return asyncio.run(mint())


@pytest.fixture(autouse=True)
def logs_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "configure_logs", lambda *_: None)


def typed(*words: str, settings: Settings | None = None) -> Result:
    return CliRunner().invoke(cli.app, words, env=environment(settings) if settings else {})


def test_help_lists_every_command_but_the_demos_own() -> None:
    told = typed("--help")
    assert told.exit_code == 0
    listed = {
        line.split()[1] for line in told.stdout.splitlines() if line.startswith("│ ") and line[2] != " "
    }
    assert listed - {"--help"} == set(COMMANDS)
    assert len(cli.app.registered_commands) == len(COMMANDS) + len(["traffic"])


@pytest.mark.parametrize(
    ("module", "spared"), [("cli", "sqlalchemy"), ("worker", "litestar"), ("engine", "litestar")]
)
def test_a_process_starts_without_what_it_does_not_run(module: str, spared: str) -> None:
    asked = f"import sys, portavoce.{module}; sys.exit({spared!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_without_a_command_help_is_shown() -> None:
    assert "doctor" in typed().output


@pytest.mark.parametrize(("words", "demo"), [(("run",), True), (("run", "--no-demo"), False)])
def test_run_loads_the_demo_unless_told_not_to(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], demo: bool
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(
        "portavoce.running.run_everything", lambda _settings, _console, *, demo: asked.append(demo)
    )
    assert typed(*words).exit_code == 0
    assert asked == [demo]


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("serve", "portavoce.web.server.serve_web"),
        ("engine", "portavoce.engine.run_engine"),
        ("traffic", "portavoce.demo.traffic.run_traffic"),
    ],
)
def test_a_process_gets_the_settings(monkeypatch: pytest.MonkeyPatch, word: str, name: str) -> None:
    asked: list[int] = []

    def serve(settings: Settings) -> None:
        asked.append(settings.web_port)

    async def work(settings: Settings) -> None:
        asked.append(settings.web_port)

    monkeypatch.setattr(name, serve if word == "serve" else work)
    assert typed(word, settings=Settings(web_port=8123)).exit_code == 0
    assert asked == [8123]


def test_the_worker_is_made_and_run(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Any] = []

    class Worker:
        def run(self) -> None:
            ran.append(self)

    monkeypatch.setattr("portavoce.worker.make_worker", lambda _settings: Worker())
    assert typed("worker").exit_code == 0
    assert len(ran) == 1


def test_a_server_of_ones_own_is_prepared_and_migrated(settings: Settings, cluster: SessionCluster) -> None:
    try:
        for _ in range(2):
            assert typed("bootstrap", cluster.superuser_dsn, settings=settings).exit_code == 0
            url = Installation(DATABASE, cluster.dsn(DATABASE)).url(APP)
            own = msgspec.structs.replace(settings, database_url=url)
            assert typed("migrate", settings=own).exit_code == 0
        assert "0 ledgers read, 0 faults." in typed("verify", settings=own).stdout
    finally:
        cluster.drop_database(DATABASE)


def test_the_first_administrator_gets_a_link_and_a_second_with_the_address_a_sentence(
    settings: Settings,
) -> None:
    first = typed("admin", "elena@voxa.example", "Elena Neri", settings=settings)
    assert first.exit_code == 0
    assert first.stdout.startswith(f"{settings.base_url}/invitation/")
    assert len(first.stdout.splitlines()) == 1
    second = typed("admin", "elena@voxa.example", "Elena Neri", settings=settings)
    assert second.exit_code == 1
    assert second.output == "A person with this address exists already.\n"


def test_migrating_learns_the_marks_of_brands_that_were_there_before_the_guard(
    settings: Settings, aurora: Minted, empty_database: Installation
) -> None:
    assert typed("migrate", settings=settings).exit_code == 0
    with psycopg.connect(empty_database.superuser_dsn) as connection:
        kept = connection.execute("SELECT key FROM pv.brand_signal WHERE brand_id = %s", [aurora.id])
        assert kept.fetchall() == [("word aurora",)]
    assert "1 brands read." in typed("relearn", settings=settings).stdout


def test_recounting_puts_right_what_verify_says_of_reports(
    settings: Settings, aurora: Minted, empty_database: Installation
) -> None:
    async def tell_and_follow() -> None:
        database = open_database(settings)
        await tell(database, aurora, Contact(NOON))
        await database.close()

    asyncio.run(tell_and_follow())
    with psycopg.connect(empty_database.superuser_dsn) as connection:
        connection.execute("UPDATE pv.tally SET units = 9 WHERE grain = 'month'")
    assert "is not that of its units" in typed("verify", settings=settings).stdout
    assert "1 brands counted anew from " in typed("recount", settings=settings).stdout
    assert "is not that of its units" not in typed("verify", settings=settings).stdout


def test_verify_ends_well_on_ledgers_that_hold(settings: Settings, aurora: Minted) -> None:
    assert aurora
    told = typed("verify", settings=settings)
    assert (told.exit_code, told.stdout) == (0, "1 ledgers read, 0 faults.\n")


def test_verify_ends_with_1_and_names_brand_and_fact(
    settings: Settings, aurora: Minted, empty_database: Installation
) -> None:
    with psycopg.connect(empty_database.superuser_dsn) as superuser:
        superuser.execute("UPDATE pv.ledger_event SET actor = 'ugo' WHERE n = 2")
    told = typed("verify", settings=settings)
    assert told.exit_code == 1
    assert f"brand {aurora.id}, fact 2: " in told.stdout


def test_a_backup_is_made_told_by_the_doctor_and_restored(
    settings: Settings, aurora: Minted, cluster: SessionCluster, tmp_path: Path
) -> None:
    assert "none was ever made" in typed("doctor", settings=settings).stdout
    target = str(tmp_path / "backup")
    told = typed("backup", target, settings=settings)
    assert told.exit_code == 0, told.output
    assert f"{target}: 0 files, " in told.stdout
    assert "none was ever made" not in typed("doctor", settings=settings).stdout
    again = typed("backup", target, settings=settings)
    assert (again.exit_code, "exists" in again.output) == (1, True)

    fresh = Installation("typed_restore", cluster.fresh_database("typed_restore"))
    bootstrap(fresh.superuser_dsn, PASSWORDS, database=fresh.name)
    (tmp_path / "home").mkdir()
    empty = settled(fresh, settings.redis_url, tmp_path / "home")
    told = typed("restore", target, settings=empty)
    assert told.exit_code == 0, told.output
    assert "1 ledgers read, 0 faults." in told.stdout
    assert "0 deliveries may have left" in told.stdout
    again = typed("restore", target, settings=empty)
    assert (again.exit_code, "holds a schema already" in again.output) == (1, True)
    cluster.drop_database(fresh.name)
    assert aurora


@pytest.mark.parametrize("word", ["run", "serve", "engine", "worker"])
def test_nothing_starts_on_a_half_restored_home(settings: Settings, word: str) -> None:
    begin_restore(settings.home)
    told = typed(word, settings=settings)
    assert (told.exit_code, "did not end" in told.output) == (1, True)


def test_the_doctor_ends_well_when_all_is_well(settings: Settings) -> None:
    told = typed("doctor", settings=settings)
    assert told.exit_code == 0
    assert "Migrations" in told.stdout
    assert "✗" not in told.stdout


def test_the_doctor_ends_with_1_when_something_is_not(settings: Settings) -> None:
    told = typed("doctor", settings=msgspec.structs.replace(settings, redis_url="unix:///nowhere/redis.sock"))
    assert told.exit_code == 1
    assert "start it with make run" in " ".join(told.stdout.split())
