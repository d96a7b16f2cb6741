"""A file is on the disk, whole, before its row is; the row alone leads to it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from uuid import UUID

import pytest

from portavoce.core.db import Database
from portavoce.core.models import StoredFile
from portavoce.core.storage import Storage, file_row
from tests.minting import mint_brand

AURORA, BOSCO = UUID(int=1), UUID(int=2)


def test_the_same_bytes_are_one_file_per_brand(tmp_path: Path) -> None:
    storage = Storage(tmp_path)
    first, again, other = (storage.save(brand, b"x") for brand in (AURORA, AURORA, BOSCO))
    assert first == again
    assert first.startswith(f"brand/{AURORA}/")
    assert other.startswith(f"brand/{BOSCO}/")
    files = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert files == {first, other}


def test_the_file_and_every_new_folder_are_synced_before_the_key_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def watched(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append(
            "draft" if stat.S_ISREG(os.fstat(descriptor).st_mode) else str(path.relative_to(tmp_path))
        )
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    key = Storage(tmp_path / "files").save(AURORA, b"x")
    folder = str(Path("files") / Path(key).parent)
    assert synced[-2:] == ["draft", folder]
    assert set(synced) == {".", "files", "files/brand", f"files/brand/{AURORA}", "draft", folder}


def test_a_write_that_fails_leaves_neither_file_nor_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    storage = Storage(tmp_path)
    storage.save(AURORA, b"x")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        storage.save(AURORA, b"x" * 100)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


async def test_a_row_of_the_written_brand_leads_to_the_bytes(database: Database, tmp_path: Path) -> None:
    storage, aurora = Storage(tmp_path), await mint_brand(database)
    key = storage.save(aurora.id, b"content")
    async with database.begin(aurora.writing) as db:
        row = file_row(db, key, b"content", "text/plain")
    async with database.begin(aurora.reading) as db:
        kept = await db.get_one(StoredFile, (aurora.id, row.id))
    assert (kept.size, kept.media_type, kept.sha256) == (7, "text/plain", Path(key).name)
    assert storage.read(kept) == b"content"
