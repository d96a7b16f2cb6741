"""A backup comes back whole into an empty installation, or nothing is touched; and nothing is sent a second time."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import psycopg
import pytest

from portavoce.backups import restoring
from portavoce.backups.errors import BackupError, NotEmpty, Unsound
from portavoce.backups.keeping import HalfRestored, refuse_half_restored
from portavoce.backups.making import make_backup
from portavoce.backups.manifest import DATABASE, FILES, LIST, MANIFEST, SUM, Head, listed, read, write
from portavoce.backups.restoring import Restored, restore
from portavoce.conversations.delivery import RESTORED
from portavoce.core.bootstrap import bootstrap
from portavoce.core.config import Settings
from portavoce.core.migrating import at_head
from portavoce.core.processes.instance import AlreadyRunning, only_instance
from portavoce.core.walls import OWNER
from portavoce.reporting.verifying import verify_books
from portavoce.wiring import open_database
from tests.backups.conftest import CLOCK, Back, Empty, Original, at_home, counted, silent
from tests.cluster import SessionCluster
from tests.database import PASSWORDS, Installation
from tests.isolation.catalog import complaints
from tests.releases import dumps

PARTS = (MANIFEST, SUM, DATABASE, LIST, "secrets/thread-a", "a file")
CHANGED = {"audit_entry", "house_audit", "ledger_event"}
"""Where a restore says what it did."""


def one(installation: Installation, query: str) -> tuple[object, ...]:
    with psycopg.connect(installation.superuser_dsn) as superuser:
        [found] = superuser.execute(query.encode()).fetchall()
    return tuple(found)


@pytest.fixture
def copy(original: Original, tmp_path: Path) -> Path:
    """A backup of the test's own to spoil."""
    return Path(shutil.copytree(original.backup, tmp_path / "copy"))


def into(empty: Empty, source: Path) -> Restored:
    return restore(empty.settings, source, silent)


async def test_everything_is_back_and_the_walls_stand(original: Original, back: Back) -> None:
    assert back.said.absent == 0
    before, after = original.rows, counted(back.installation)
    assert {table for table in before if before[table] != after[table]} <= CHANGED
    for each in listed(original.backup):
        there = (back.settings.files_dir / each.key).read_bytes()
        assert there == (original.settings.files_dir / each.key).read_bytes()
    assert len(list(listed(original.backup))) == original.manifest.files >= 2
    with psycopg.connect(back.installation.superuser_dsn) as superuser:
        assert complaints(superuser) == []
    database = open_database(back.settings)
    assert await verify_books(database, [original.world.aurora.id, original.world.bosco.id]) == []
    await database.close()


def test_the_keys_are_back_and_for_nobody_else_to_read(original: Original, back: Back) -> None:
    for path in (original.backup / "secrets").iterdir():
        there = back.settings.secrets_dir / path.name
        assert there.read_bytes() == path.read_bytes()
        assert there.stat().st_mode & 0o077 == 0
    assert "roles.json" not in {path.name for path in (original.backup / "secrets").iterdir()}


def test_what_was_on_its_way_is_left_to_people(back: Back) -> None:
    settled = back.said.settled
    assert (settled.deliveries, settled.sessions) == (1, 1)
    assert settled.mails >= 1
    where = back.installation
    assert one(where, "SELECT state, failure FROM pv.message WHERE direction = 'out'") == (
        "uncertain",
        RESTORED,
    )
    open_rows = "SELECT count(*) FROM pv.{} WHERE state IN ('pending', 'handed')"
    assert one(where, open_rows.format("outbox")) == (0,)
    assert one(where, open_rows.format("house_outbox")) == (0,)
    assert one(where, "SELECT count(*) FROM pv.house_outbox WHERE body <> '' AND state = 'dead'") == (0,)
    dropped = "SELECT count(*) FROM pv.house_audit WHERE action = 'house_mail.dropped'"
    assert one(where, dropped) == (settled.mails,)


def test_nobody_is_still_signed_in_and_no_reset_link_lives_on(original: Original, back: Back) -> None:
    assert one(back.installation, "SELECT count(*) FROM pv.session WHERE ended_at IS NULL") == (0,)
    unused = "SELECT count(*) FROM pv.login_token WHERE used_at IS NULL AND purpose = '{}'"
    assert one(back.installation, unused.format("reset")) == (0,)
    invited = one(original.installation, unused.format("invitation"))
    assert one(back.installation, unused.format("invitation")) == invited != (0,)


def test_what_is_not_due_yet_cannot_have_left_and_stays(
    original: Original, empty: Empty, tmp_path: Path
) -> None:
    later = "UPDATE pv.outbox SET state = 'pending', run_at = now() + interval '{}' WHERE state = 'pending'"
    with psycopg.connect(original.installation.superuser_dsn, autocommit=True) as superuser:
        superuser.execute(later.format("1 hour").encode())
        try:
            make_backup(original.settings, tmp_path / "later", CLOCK, silent)
        finally:
            superuser.execute(later.format("0 seconds").encode())
    assert into(empty, tmp_path / "later").settled.deliveries == 0
    assert one(empty.installation, "SELECT state FROM pv.outbox") == ("pending",)
    assert one(empty.installation, "SELECT state FROM pv.message WHERE direction = 'out'") == ("queued",)


@pytest.mark.parametrize("part", PARTS)
def test_one_flipped_bit_in_any_part_is_refused_before_anything_is_touched(
    copy: Path, part: str, tmp_path: Path
) -> None:
    path = copy / FILES / next(listed(copy)).key if part == "a file" else copy / part
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    untouched = Settings(home=tmp_path / "never")
    with pytest.raises(Unsound, match="damaged"):
        restore(untouched, copy, silent)
    assert not untouched.home.exists()


@pytest.mark.parametrize("part", PARTS)
def test_a_missing_part_is_refused_too(copy: Path, part: str, tmp_path: Path) -> None:
    (copy / FILES / next(listed(copy)).key if part == "a file" else copy / part).unlink()
    with pytest.raises(Unsound):
        restore(Settings(home=tmp_path / "never"), copy, silent)


def test_an_installation_with_rows_files_or_other_keys_is_refused(
    original: Original, empty: Empty, tmp_path: Path
) -> None:
    with pytest.raises(NotEmpty, match="holds files"):
        restore(original.settings, original.backup, silent)
    with pytest.raises(NotEmpty, match="holds a schema already"):
        restore(at_home(original.installation, tmp_path / "other"), original.backup, silent)
    key = empty.settings.secrets_dir / "thread-a"
    key.write_text("00" * 32)
    with pytest.raises(NotEmpty, match="other keys"):
        into(empty, original.backup)
    assert key.read_text() == "00" * 32
    assert counted(empty.installation) == {}
    refuse_half_restored(empty.settings)


def test_a_working_installation_is_refused(original: Original, empty: Empty) -> None:
    with only_instance(empty.settings.home), pytest.raises(AlreadyRunning):
        into(empty, original.backup)


def test_a_backup_of_a_newer_release_or_format_is_refused(copy: Path, tmp_path: Path) -> None:
    untouched, told = Settings(home=tmp_path / "never"), read(copy)
    for changes, words in (({"revisions": ["20991231_later"]}, "newer"), ({"format": 2}, "format 2")):
        write(copy, msgspec.structs.replace(told, **changes))
        with pytest.raises(Unsound, match=words):
            restore(untouched, copy, silent)
    assert not untouched.home.exists()


def test_ledgers_that_end_elsewhere_than_the_manifest_says_are_not_started(
    original: Original, empty: Empty, copy: Path
) -> None:
    told = read(copy)
    heads = {**told.heads, str(original.world.aurora.id): Head(1, "00" * 32)}
    write(copy, msgspec.structs.replace(told, heads=heads))
    with pytest.raises(BackupError, match="do not end where"):
        into(empty, copy)
    with pytest.raises(HalfRestored, match="did not end"):
        refuse_half_restored(empty.settings)


def test_until_its_end_no_process_may_start(
    original: Original, empty: Empty, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off right before the open deliveries are settled, the worst moment."""

    async def cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(restoring, "settle", cut)
    with pytest.raises(KeyboardInterrupt):
        into(empty, original.backup)
    with pytest.raises(HalfRestored):
        refuse_half_restored(empty.settings)


@pytest.mark.deep
def test_a_backup_of_an_older_release_is_brought_forward(
    cluster: SessionCluster, empty: Empty, tmp_path: Path
) -> None:
    """The release's dump came without its files, and a backup says so of each."""
    old = Installation("old_release", cluster.fresh_database("old_release"))
    bootstrap(old.superuser_dsn, PASSWORDS, database=old.name)
    dumps.read(cluster, old.name, dumps.dumps()[0])
    made = make_backup(at_home(old, tmp_path / "old"), tmp_path / "made", CLOCK, silent)
    assert made.files == 0 < len(made.unsound)
    found = into(empty, tmp_path / "made")
    assert found.absent == len(made.unsound)
    assert at_head(empty.installation.url(OWNER))
    before, after = counted(old), counted(empty.installation)
    assert {table for table, count in before.items() if after[table] < count} == set()
    with psycopg.connect(empty.installation.superuser_dsn) as superuser:
        assert complaints(superuser) == []


def test_the_modes_of_a_backup_keep_everybody_else_out(original: Original) -> None:
    for path in (original.backup, *original.backup.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path
