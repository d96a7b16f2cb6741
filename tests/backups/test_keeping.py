"""What `doctor` says of the last backup, and which files are keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from portavoce.backups.keeping import key_files, last_backup, remember
from portavoce.backups.manifest import MANIFEST
from tests.backups.conftest import Original

LATER = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def made(original: Original, tmp_path: Path) -> datetime:
    """When the backup that `tmp_path` remembers was made."""
    remember(tmp_path, original.backup, original.manifest)
    return original.manifest.made_at


def test_a_fresh_backup_is_well(made: datetime, tmp_path: Path) -> None:
    told = last_backup(tmp_path, made + timedelta(hours=23))
    assert (told.ok, told.remedy) == (True, "")


def test_an_old_one_is_worth_a_word_but_breaks_nothing(made: datetime, tmp_path: Path) -> None:
    told = last_backup(tmp_path, made + timedelta(days=3))
    assert told.ok
    assert "3 days old" in told.message
    assert "portavoce backup" in told.remedy


def test_none_is_worth_a_word(tmp_path: Path) -> None:
    assert "none was ever made" in last_backup(tmp_path, LATER).message
    (tmp_path / "last-backup.json").write_text("{")
    assert "none was ever made" in last_backup(tmp_path, LATER).message


def test_one_that_was_deleted_does_not_count(made: datetime, tmp_path: Path) -> None:
    known = tmp_path / "last-backup.json"
    told = msgspec.json.decode(known.read_bytes())
    known.write_bytes(msgspec.json.encode({**told, "path": str(tmp_path / MANIFEST)}))
    assert "is gone" in last_backup(tmp_path, made).message


def test_passwords_locks_and_drafts_are_no_keys(tmp_path: Path) -> None:
    for name in ("thread-a", "jobs", "roles.json", "roles.lock", ".jobs.0123"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()
    assert [path.name for path in key_files(tmp_path)] == ["jobs", "thread-a"]
    assert key_files(tmp_path / "none") == []
