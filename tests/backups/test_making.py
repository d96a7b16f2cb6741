"""A backup has its name when it is whole, costs what is new, and says what it could not find."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from portavoce.backups import making
from portavoce.backups.dumping import dump
from portavoce.backups.errors import BackupError
from portavoce.backups.making import make_backup
from portavoce.backups.manifest import FILES, listed, read, verify
from portavoce.core.embedded.lock import held_at_once
from tests.backups.conftest import CLOCK, Original, silent
from tests.world import letter


def test_the_manifest_tells_release_schema_time_sums_and_heads(original: Original) -> None:
    told = read(original.backup)
    assert told == original.manifest
    assert told.revisions
    assert told.heads.keys() == {str(original.world.aurora.id), str(original.world.bosco.id)}
    assert min(head.n for head in told.heads.values()) > 0
    assert {"database.dump", "files.list", "secrets/thread-a"} <= told.parts.keys()
    verify(original.backup, told)


def test_what_the_last_backup_holds_is_linked_not_copied(original: Original) -> None:
    again = original.backup.with_name("again")
    made = make_backup(original.settings, again, CLOCK, silent)
    for each in listed(again):
        assert (again / FILES / each.key).samefile(original.backup / FILES / each.key)
    verify(again, made)


async def test_what_comes_after_the_snapshot_is_not_half_in_it(
    original: Original, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between dump and copy a mail is committed and a key made: the mail is left out whole, the key comes along."""
    loop, bosco = asyncio.get_running_loop(), original.world.bosco
    before = len(list(original.settings.files_dir.rglob("*/??/*")))

    def late(dsn: str, path: Path, *, snapshot: str) -> None:
        mail = original.world.receive(bosco, letter(bosco.address, "Adesso"))
        asyncio.run_coroutine_threadsafe(mail, loop).result(30)
        dump(dsn, path, snapshot=snapshot)
        (original.settings.secrets_dir / "made-meanwhile").write_text("aa" * 32)

    monkeypatch.setattr(making, "dump", late)
    made = await asyncio.to_thread(make_backup, original.settings, tmp_path / "made", CLOCK, silent)
    assert made.files == before < len(list(original.settings.files_dir.rglob("*/??/*")))
    assert "secrets/made-meanwhile" in made.parts
    verify(tmp_path / "made", made)


def test_a_file_that_a_row_names_and_that_is_gone_or_rotten_is_told(
    original: Original, tmp_path: Path
) -> None:
    gone, rotten = [original.settings.files_dir / each.key for each in listed(original.backup)][:2]
    contents = gone.read_bytes(), rotten.read_bytes()
    gone.unlink()
    rotten.write_bytes(b"?" + contents[1][1:])
    try:
        made = make_backup(original.settings, tmp_path / "made", CLOCK, silent)
    finally:
        gone.write_bytes(contents[0])
        rotten.write_bytes(contents[1])
    assert {Path(key).name for key in made.unsound} == {gone.name, rotten.name}
    verify(tmp_path / "made", made)


def test_a_file_erased_meanwhile_is_no_fault(
    original: Original, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_still_named", lambda _dsn, _keys: [])
    gone = original.settings.files_dir / next(listed(original.backup)).key
    content = gone.read_bytes()
    gone.unlink()
    try:
        made = make_backup(original.settings, tmp_path / "made", CLOCK, silent)
    finally:
        gone.write_bytes(content)
    assert made.unsound == []
    verify(tmp_path / "made", made)


@pytest.mark.parametrize("url", ["postgresql://127.0.0.1:1/portavoce", "another database"])
def test_a_backup_that_fails_leaves_nothing(original: Original, tmp_path: Path, url: str) -> None:
    settings = original.settings
    if url == "another database":
        url = settings.database_url.replace(original.installation.name, "postgres")
    with pytest.raises(Exception, match=r"refused|does not exist|denied"):
        make_backup(msgspec.structs.replace(settings, database_url=url), tmp_path / "made", CLOCK, silent)
    assert list(tmp_path.iterdir()) == []


def test_what_exists_is_never_written_over(original: Original, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="exists"):
        make_backup(original.settings, original.backup, CLOCK, silent)
    with pytest.raises(BackupError, match="no folder"):
        make_backup(original.settings, tmp_path / "no" / "made", CLOCK, silent)


def test_two_at_once_are_one_too_many(original: Original, tmp_path: Path) -> None:
    with (
        held_at_once(original.settings.home / "backup.lock"),
        pytest.raises(BackupError, match="being made"),
    ):
        make_backup(original.settings, tmp_path / "made", CLOCK, silent)
